//! The sender of mail, and addresses as SMTP takes them.

use std::str::FromStr;

use lettre::{Address, message::Mailbox};
use url::Host;

use crate::{
    domain::values::text::{Email, Line},
    words::english,
};

/// Who mail is from: an address, with a name to display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl Sender {
    /// The sender of mail that stays in a folder.
    pub(super) fn of_demo() -> Self {
        let address = Address::new_dangerous("ikke-svar", "godkjent.invalid");
        Self(Mailbox::new(Some("Godkjent (demo)".to_owned()), address))
    }

    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.0
    }

    /// The domain of the address, in ASCII.
    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl FromStr for Sender {
    type Err = String;

    /// Parses `Name <address>`, or an address alone.
    fn from_str(value: &str) -> Result<Self, String> {
        let value = value.trim();
        let (name, address) = match value.strip_suffix('>').and_then(|it| it.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
            None => ("", value),
        };
        let name = (!name.is_empty()).then(|| Line::parse(name)).transpose();
        let name = name.map_err(|error| english(&error.detail))?;
        let email = Email::parse(address).map_err(|error| english(&error.detail))?;
        let address = smtp_address(&email);
        let address = address.ok_or("write an address such as ikke-svar@kommune.example")?;
        Ok(Self(Mailbox::new(name.map(|it| it.as_str().to_owned()), address)))
    }
}

/// The address in ASCII, with its domain in Punycode, so that every server takes it. None if mail cannot be sent to it.
pub(super) fn smtp_address(email: &Email) -> Option<Address> {
    let (user, domain) = email.as_str().rsplit_once('@')?;
    let domain = Host::parse(domain).ok()?.to_string();
    if !user.is_ascii() {
        return None;
    }
    Address::new(user, domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_is_an_address_with_or_without_a_name() {
        let of = |value: &str| value.parse::<Sender>().map(|it| it.0);
        let named = of("Ås kommune <ikke-svar@aas.example>").unwrap();
        assert_eq!(named.name.as_deref(), Some("Ås kommune"));
        assert_eq!(named.email.to_string(), "ikke-svar@aas.example");
        assert_eq!(of("\"Ås kommune\" <ikke-svar@aas.example>").unwrap(), named);
        assert_eq!(of(" ikke-svar@aas.example ").unwrap().name, None);
        assert_eq!(of("<ikke-svar@aas.example>").unwrap().name, None);
        for wrong in
            ["", "Ås kommune", "Ås <kommune>", "a@b", "Ås\r\nBcc: x@y.example <a@b.example>"]
        {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_domain_with_norwegian_letters_is_sent_in_punycode() {
        let of = |value: &str| smtp_address(&Email::parse(value).unwrap()).map(|it| it.to_string());
        assert_eq!(of("post@blåbær.example").unwrap(), "post@xn--blbr-roah.example");
        assert_eq!(of("post@omsorg.example").unwrap(), "post@omsorg.example");
    }
}
