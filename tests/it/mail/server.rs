//! A mail server on this machine, in the test's hand.

use std::{
    io::{self, Read, Write},
    mem,
    net::{SocketAddr, TcpListener, TcpStream},
    os::linux::net::TcpStreamExt,
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use super::received::ReceivedMail;

/// What the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Takes every mail.
    Accept,
    /// Answers this to `MAIL FROM`, such as `550 5.7.1 not your address`.
    Sender(&'static str),
    /// Answers this to `RCPT TO`.
    Recipient(&'static str),
    /// Answers this to `DATA`.
    Data(&'static str),
    /// Answers this after the content.
    Content(&'static str),
    /// Answers this to the login.
    Login(&'static str),
    /// Takes the connection and never says anything.
    Silent,
    /// Drops the connection after the first line of the content.
    DropInContent,
    /// Takes the whole content, and drops the connection before the answer.
    DropAfterContent,
    /// Takes the whole content, and answers nothing until the client hangs up.
    HoldAfterContent,
    /// Answers 451 to the n-th `RCPT TO`, to the 2n-th, and so on.
    FailEvery(usize),
    /// Encrypted by STARTTLS, or nothing is taken. Signs its own certificate.
    StartTls,
    /// Encrypted from the start. Signs its own certificate.
    Tls,
}

/// The server; it ends with the value.
pub struct SmtpServer {
    address: SocketAddr,
    inner: Arc<Inner>,
    listening: Option<JoinHandle<()>>,
    /// Its certificate, as PEM.
    pub certificate: String,
}

struct Inner {
    tls: Arc<rustls::ServerConfig>,
    state: Mutex<State>,
}

struct State {
    script: Script,
    stopped: bool,
    recipients: usize,
    received: Vec<ReceivedMail>,
    commands: Vec<String>,
    logins: Vec<(String, String)>,
}

impl SmtpServer {
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tls, certificate) = crate::tokens::tls::localhost();
        let (received, commands, logins) = (vec![], vec![], vec![]);
        let state = State { script, stopped: false, recipients: 0, received, commands, logins };
        let inner = Arc::new(Inner { tls, state: Mutex::new(state) });
        let of_thread = Arc::clone(&inner);
        let listening = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if of_thread.state.lock().unwrap().stopped {
                    return;
                }
                let inner = Arc::clone(&of_thread);
                // A client that hangs up ends the conversation.
                std::thread::spawn(move || inner.serve(stream.unwrap()).unwrap_or_default());
            }
        });
        Self { address, inner, listening: Some(listening), certificate }
    }

    /// What it does from now on.
    pub fn follow(&self, script: Script) {
        self.inner.state.lock().unwrap().script = script;
    }

    /// The URL of the settings, for the script at its start.
    pub fn url(&self) -> String {
        self.url_for("")
    }

    /// The same with a login such as `robot:secret@`.
    pub fn url_for(&self, login: &str) -> String {
        let port = self.address.port();
        match self.inner.state.lock().unwrap().script {
            Script::Tls => format!("smtps://{login}localhost:{port}"),
            Script::StartTls => format!("smtp://{login}localhost:{port}?tls=required"),
            _ => format!("smtp://{login}127.0.0.1:{port}"),
        }
    }

    /// The mails that it has in whole, also those without an answer.
    pub fn received(&self) -> Vec<ReceivedMail> {
        self.inner.state.lock().unwrap().received.clone()
    }

    /// The lines of all clients, except content and logins.
    pub fn commands(&self) -> Vec<String> {
        self.inner.state.lock().unwrap().commands.clone()
    }

    /// The names and passwords that it got.
    pub fn logins(&self) -> Vec<(String, String)> {
        self.inner.state.lock().unwrap().logins.clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.inner.state.lock().unwrap().stopped = true;
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            listening.join().unwrap();
        }
    }
}

impl Inner {
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let script = self.state.lock().unwrap().script;
        let mut client = Client(Stream::Plain(stream));
        if script == Script::Silent {
            // Until the client hangs up.
            while client.line().is_ok() {}
            return Ok(());
        }
        if script == Script::Tls {
            client.encrypt(&self.tls);
        }
        client.say("220 localhost ESMTP")?;
        let (mut from, mut to) = (String::new(), vec![]);
        loop {
            let line = client.line()?;
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if verb != "AUTH" {
                self.state.lock().unwrap().commands.push(line.clone());
            }
            let is_closed = script == Script::StartTls && matches!(client.0, Stream::Plain(_));
            match verb.as_str() {
                "EHLO" if is_closed => client.say("250-localhost\r\n250 STARTTLS")?,
                "EHLO" => client.say("250-localhost\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN")?,
                "STARTTLS" if is_closed => {
                    client.say("220 go ahead")?;
                    client.encrypt(&self.tls);
                }
                "QUIT" => return client.say("221 bye"),
                "NOOP" | "RSET" => client.say("250 ok")?,
                _ if is_closed => client.say("530 5.7.0 Must issue a STARTTLS command first")?,
                "AUTH" => {
                    self.keep_login(&line);
                    let answer = match script {
                        Script::Login(answer) => answer,
                        _ => "235 2.7.0 welcome",
                    };
                    client.say(answer)?;
                }
                "MAIL" => {
                    (from, to) = (address(&line), vec![]);
                    let answer = match script {
                        Script::Sender(answer) => answer,
                        _ => "250 2.1.0 ok",
                    };
                    client.say(answer)?;
                }
                "RCPT" => {
                    to.push(address(&line));
                    client.say(self.judge_recipient(script))?;
                }
                "DATA" => {
                    if let Script::Data(answer) = script {
                        client.say(answer)?;
                        continue;
                    }
                    client.say("354 end with a full stop")?;
                    let Some(content) = client.content(script)? else { return Ok(()) };
                    let mail = ReceivedMail {
                        from: mem::take(&mut from),
                        to: mem::take(&mut to),
                        content,
                    };
                    let number = self.keep(mail, script);
                    match script {
                        Script::DropAfterContent => return Ok(()),
                        Script::HoldAfterContent => {
                            client.line()?;
                        }
                        Script::Content(answer) => client.say(answer)?,
                        _ => client.say(&format!("250 2.0.0 Ok: queued as {number}"))?,
                    }
                }
                _ => client.say("502 5.5.1 unknown command")?,
            }
        }
    }

    fn judge_recipient(&self, script: Script) -> &'static str {
        let mut state = self.state.lock().unwrap();
        state.recipients += 1;
        match script {
            Script::Recipient(answer) => answer,
            Script::FailEvery(nth) if state.recipients.is_multiple_of(nth) => {
                "451 4.3.0 try again later"
            }
            _ => "250 2.1.5 ok",
        }
    }

    /// Keeps a mail and gives its number; a refused one is not kept.
    fn keep(&self, mail: ReceivedMail, script: Script) -> usize {
        let mut state = self.state.lock().unwrap();
        if !matches!(script, Script::Content(_)) {
            state.received.push(mail);
        }
        state.received.len()
    }

    /// Keeps name and password of `AUTH PLAIN`.
    fn keep_login(&self, line: &str) {
        let encoded = line.rsplit(' ').next().unwrap_or_default();
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap();
        let parts: Vec<_> = decoded.split('\0').map(str::to_owned).collect();
        let login = (parts[1].clone(), parts[2].clone());
        self.state.lock().unwrap().logins.push(login);
    }
}

/// The address in angle brackets.
fn address(line: &str) -> String {
    let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    address.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

enum Stream {
    Plain(TcpStream),
    Encrypted(Box<rustls::StreamOwned<rustls::ServerConnection, TcpStream>>),
    Gone,
}

struct Client(Stream);

impl Client {
    fn encrypt(&mut self, config: &Arc<rustls::ServerConfig>) {
        if let Stream::Plain(stream) = mem::replace(&mut self.0, Stream::Gone) {
            let server = rustls::ServerConnection::new(Arc::clone(config)).unwrap();
            self.0 = Stream::Encrypted(Box::new(rustls::StreamOwned::new(server, stream)));
        }
    }

    fn say(&mut self, line: &str) -> io::Result<()> {
        let line = format!("{line}\r\n");
        match &mut self.0 {
            Stream::Plain(stream) => stream.write_all(line.as_bytes()),
            Stream::Encrypted(stream) => {
                stream.write_all(line.as_bytes()).and_then(|()| stream.flush())
            }
            Stream::Gone => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// One line without its end, byte by byte: what follows may be encrypted.
    fn line(&mut self) -> io::Result<String> {
        let (mut line, mut byte) = (vec![], [0]);
        if let Stream::Plain(stream) = &self.0 {
            // Else the client's second write of a command waits 40 ms for the acknowledgement of the first.
            stream.set_quickack(true)?;
        }
        while !line.ends_with(b"\r\n") {
            match &mut self.0 {
                Stream::Plain(stream) => stream.read_exact(&mut byte)?,
                Stream::Encrypted(stream) => stream.read_exact(&mut byte)?,
                Stream::Gone => return Err(io::ErrorKind::NotConnected.into()),
            }
            line.push(byte[0]);
        }
        line.truncate(line.len() - 2);
        String::from_utf8(line).map_err(|_| io::ErrorKind::InvalidData.into())
    }

    /// The content until the full stop; none if the script drops it.
    fn content(&mut self, script: Script) -> io::Result<Option<String>> {
        let mut content = String::new();
        loop {
            let line = self.line()?;
            if script == Script::DropInContent {
                return Ok(None);
            }
            if line == "." {
                return Ok(Some(content));
            }
            content += line.strip_prefix('.').unwrap_or(&line);
            content += "\r\n";
        }
    }
}
