//! The tables that people read.

use std::time::Duration;

use super::{
    beside::{Beside, Latency},
    changes::Under,
    commands::Commands,
    costs::Cost,
    country::Applied,
    load::real,
    servers::Program,
    sides::Side,
};

/// Cost of one size.
pub struct Size {
    approvals: usize,
    rows: usize,
    loaded: Duration,
    start: Duration,
    resident: f64,
    after: f64,
    rates: Vec<(&'static str, f64, f64)>,
    applied: Option<Applied>,
}

impl Size {
    pub fn new(approvals: usize, rows: usize, loaded: Duration, program: &Program) -> Self {
        let (start, resident) = (program.start, program.resident());
        Self { approvals, rows, loaded, start, resident, after: 0.0, rates: vec![], applied: None }
    }

    /// Results of the scenarios, and the memory after them.
    pub fn rates(&mut self, sides: &[Side], resident: f64) {
        self.after = resident;
        self.rates =
            sides.iter().map(|side| (side.name, side.register.rate, side.register.cpu)).collect();
    }

    pub fn applied(&mut self, applied: Applied) {
        self.applied = Some(applied);
    }

    fn lines(&self) -> Vec<(String, String)> {
        let approvals = real(self.approvals);
        let mut lines = vec![
            ("rows in the journal".to_owned(), self.rows.to_string()),
            ("made and loaded, s".to_owned(), seconds(self.loaded)),
            ("start to ready, s".to_owned(), seconds(self.start)),
            ("memory when ready, MiB".to_owned(), mebibytes(self.resident)),
            ("… per approval, bytes".to_owned(), format!("{:.0}", self.resident / approvals)),
            ("memory after the load, MiB".to_owned(), mebibytes(self.after)),
        ];
        for (name, rate, cpu) in &self.rates {
            lines.push((format!("{name}, requests/s"), format!("{rate:.0}")));
            lines.push((format!("{name}, CPU µs"), format!("{cpu:.1}")));
        }
        if let Some(Applied { read, middle, longest }) = &self.applied {
            let micros = |time: &Duration| format!("{:.0}", time.as_secs_f64() * 1e6);
            lines.push(("journal read into memory, s".to_owned(), seconds(*read)));
            lines.push(("one change applied, median µs".to_owned(), micros(middle)));
            lines.push(("one change applied, longest µs".to_owned(), micros(longest)));
        }
        lines
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64())
}

fn mebibytes(bytes: f64) -> String {
    format!("{:.0}", bytes / 1_048_576.0)
}

/// All sizes that were measured.
#[derive(Default)]
pub struct Sizes(Vec<Size>);

impl Sizes {
    pub fn add(&mut self, size: Size) {
        self.0.push(size);
    }
}

/// The register beside the minimal server.
pub fn sides(sides: &[Side]) {
    println!(
        "\n{:<20} {:>5} {:>8} {:>10} {:>10} {:>7} {:>9} {:>9} {:>7} {:>8}",
        "scenario",
        "hits",
        "bytes",
        "req/s",
        "minimal",
        "ratio",
        "CPU µs",
        "minimal",
        "ratio",
        "max ms"
    );
    for Side { name, hits, bytes, register, minimal } in sides {
        let hits = hits.map_or_else(String::new, |hits| hits.to_string());
        println!(
            "{name:<20} {hits:>5} {bytes:>8} {:>10.0} {:>10.0} {:>6.1}% {:>9.1} {:>9.1} {:>7.2} {:>8.1}",
            register.rate,
            minimal.rate,
            100.0 * register.rate / minimal.rate,
            register.cpu,
            minimal.cpu,
            register.cpu / minimal.cpu,
            register.longest,
        );
    }
}

/// The one call while the register changes.
pub fn changes(wanted: usize, under: &Under) {
    let Under { quiet, elsewhere, here, written, shown } = under;
    println!(
        "\none call while {wanted} changes a second come ({written:.0} came; the last on the page is {shown})"
    );
    println!("{:<34} {:>10} {:>7} {:>9} {:>8}", "", "req/s", "ratio", "CPU µs", "max ms");
    let rows = [
        ("nothing is written", quiet),
        ("the same is written elsewhere", elsewhere),
        ("the register changes", here),
    ];
    for (name, round) in rows {
        println!(
            "{name:<34} {:>10.0} {:>6.1}% {:>9.1} {:>8.1}",
            round.rate,
            100.0 * round.rate / quiet.rate,
            round.cpu,
            round.longest
        );
    }
    println!("no answer held half a change, none was older than the one before it");
}

/// The sizes side by side.
pub fn sizes(Sizes(sizes): &Sizes) {
    print!("\n{:<36}", "approvals");
    for size in sizes {
        print!(" {:>12}", size.approvals);
    }
    println!();
    let columns: Vec<_> = sizes.iter().map(Size::lines).collect();
    for (at, (name, _)) in columns.first().into_iter().flatten().enumerate() {
        print!("{name:<36}");
        for column in &columns {
            print!(" {:>12}", column.get(at).map_or("", |(_, value)| value));
        }
        println!();
    }
}

/// Small reads beside the costliest queries.
pub fn beside(beside: &Beside) {
    println!("\n| small reads | p50 ms | p99 ms | longest ms |\n|---|---|---|---|");
    let line = |name: &str, latency: &Latency| {
        let Latency { p50, p99, longest } = latency;
        println!("| {name} | {p50:.2} | {p99:.2} | {longest:.1} |");
    };
    line("quiet", &beside.quiet);
    line("beside 8 clients of costly queries", &beside.crowded);
    let ratio = beside.crowded.p99 / beside.quiet.p99;
    let Beside { answered, refused, .. } = beside;
    println!(
        "\np99 {ratio:.1} times; {answered:.1} costly queries a second answered, {refused:.1} refused"
    );
}

/// Cost of each read alone.
pub fn costs(costs: &[Cost]) {
    println!("\n| read | bytes | first ms | median ms | gzip ms |\n|---|---|---|---|---|");
    for Cost { path, bytes, first, middle, gzip } in costs {
        println!("| `{path}` | {bytes} | {first:.2} | {middle:.2} | {gzip:.2} |");
    }
}

/// Durable commands beside the disk.
pub fn commands(measured: &[Commands]) {
    println!(
        "\n| commands | a second | fdatasync a second | ratio | p50 ms | p99 ms |\n|---|---|---|---|---|---|"
    );
    for Commands { database, rate, disk, half, most } in measured {
        let ratio = rate / disk;
        println!("| {database} | {rate:.0} | {disk:.0} | {ratio:.2} | {half:.1} | {most:.1} |");
    }
}
