//! Verification of the journal: each row against its hash, from the first to the last.

use std::fmt;

use crate::store::{
    self, Head, JournalRow, Session, Store,
    chain::{GENESIS, link},
};

/// How many rows are in memory at a time.
const PAGE: i64 = 500;

/// A stored checkpoint of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The position of the last row then.
    pub position: i64,
    pub hash: Vec<u8>,
}

/// Result of a verification of the journal.
#[derive(Debug, PartialEq, Eq)]
pub enum Chain {
    /// Every row follows from the one before it, and the last is the one that the head names.
    Intact {
        /// The position of the last row.
        position: i64,
        hash: Vec<u8>,
    },
    /// One does not: the first.
    Broken(Break),
}

/// Where the chain breaks.
#[derive(Debug, PartialEq, Eq)]
pub struct Break {
    /// The position of the row that was altered, put in, or taken out.
    pub position: i64,
    /// Description of the row.
    pub row: Option<String>,
    /// The mismatch.
    pub misfit: ChainMismatch,
}

/// The mismatch.
#[derive(Debug, PartialEq, Eq)]
pub enum ChainMismatch {
    /// The row cannot be read.
    Unreadable(String),
    /// The rows from here to another position are missing.
    Missing(i64),
    /// The row was put in: no row has such a position.
    PutIn,
    /// Something of the row was altered and its hash is the one that was written; or something of the row
    /// before it was altered together with that one's hash.
    Content,
    /// The hash in the row was altered; the rest of it is as it was written.
    Hash,
    /// The row or its place was altered, and its hash or the next row as well.
    Row,
    /// The row is after the end named by the head of the journal.
    BehindTheHead,
    /// The head of the journal names another last row.
    Head,
    /// The journal was rewritten: the earlier checkpoint has another hash here.
    Mark,
    /// The journal ends before the position of the earlier mark.
    EndsBeforeMark(i64),
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intact { position, hash } => {
                write!(f, "intact: {position} rows, the last has the hash {}", hex::encode(hash))
            }
            Self::Broken(found) => found.fmt(f),
        }
    }
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "broken at position {}: {}", self.position, self.misfit)?;
        self.row.iter().try_for_each(|row| write!(f, "\n  {row}"))
    }
}

impl fmt::Display for ChainMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "the row cannot be read ({why})"),
            Self::Missing(until) => write!(f, "the rows up to {until} are missing"),
            Self::PutIn => f.write_str("a row was inserted: the position does not exist"),
            Self::Content => {
                f.write_str("the row was altered, or the one before it together with its hash")
            }
            Self::Hash => {
                f.write_str("the hash of the row was altered, the rest of it is as written")
            }
            Self::Row => f.write_str("the row was altered or exchanged"),
            Self::BehindTheHead => f.write_str("the row is after the end of the journal"),
            Self::Head => f.write_str("the head of the journal names another last row"),
            Self::Mark => {
                f.write_str("the journal was rewritten: the checkpoint has another hash here")
            }
            Self::EndsBeforeMark(mark) => {
                write!(f, "the journal ends here, the checkpoint saw position {mark}")
            }
        }
    }
}

/// Verifies the journal in one transaction and in constant memory, so writers may continue, and reports
/// progress after each page.
pub fn verify_chain(
    store: &Store,
    mark: Option<&Mark>,
    progress: &mut dyn FnMut(i64, i64),
) -> Result<Chain, store::StoreError> {
    store.read(|session| {
        let head = session.journal_head()?;
        let mut walk = Walk { position: 0, hash: GENESIS.to_vec(), doubt: None, mark };
        let mut after = i64::MIN;
        loop {
            let page = match page(session, after)? {
                Ok(page) => page,
                Err(found) => return Ok(Chain::Broken(found)),
            };
            let Some(last) = page.last() else { return Ok(walk.end(&head)) };
            after = last.position;
            for row in page {
                if let Some(found) = walk.step(row, &head) {
                    return Ok(Chain::Broken(found));
                }
            }
            progress(walk.position, head.position);
        }
    })
}

/// The next rows; if one of them is unreadable, those before it are returned first, one by one.
fn page(
    session: &mut Session<'_>,
    after: i64,
) -> Result<Result<Vec<JournalRow>, Break>, store::StoreError> {
    if let Ok(page) = session.journal_after(after, PAGE) {
        return Ok(Ok(page));
    }
    match session.journal_after(after, 1) {
        Ok(one) => Ok(Ok(one)),
        Err(why) => {
            // A failing database is no finding about the row.
            session.journal_head()?;
            let misfit = ChainMismatch::Unreadable(why.to_string());
            Ok(Err(Break { position: after.max(0) + 1, row: None, misfit }))
        }
    }
}

/// State of a verification.
struct Walk<'a> {
    /// The position of the last row that was passed.
    position: i64,
    /// The hash that the next row follows on.
    hash: Vec<u8>,
    /// A row with an unexpected hash: the next one shows which was altered.
    doubt: Option<JournalRow>,
    mark: Option<&'a Mark>,
}

impl Walk<'_> {
    fn step(&mut self, row: JournalRow, head: &Head) -> Option<Break> {
        if let Some(doubted) = self.doubt.take() {
            let misfit = if link(&doubted.hash, &row) == row.hash {
                ChainMismatch::Content
            } else if link(&self.hash, &row) == row.hash {
                ChainMismatch::Hash
            } else {
                ChainMismatch::Row
            };
            return Some(at(&doubted, misfit));
        }
        let place = self.position + 1;
        if row.position > place {
            let misfit = ChainMismatch::Missing(row.position - 1);
            return Some(Break { position: place, row: None, misfit });
        }
        if row.position < place {
            return Some(at(&row, ChainMismatch::PutIn));
        }
        if place > head.position {
            return Some(at(&row, ChainMismatch::BehindTheHead));
        }
        self.position = place;
        self.hash = link(&self.hash, &row);
        if self.hash != row.hash {
            self.doubt = Some(row);
        } else if self.mark.is_some_and(|it| it.position == place && it.hash != self.hash) {
            return Some(at(&row, ChainMismatch::Mark));
        }
        None
    }

    fn end(self, head: &Head) -> Chain {
        let Self { position, hash, doubt, mark } = self;
        let found = |misfit| Chain::Broken(Break { position, row: None, misfit });
        if let Some(doubted) = doubt {
            let misfit = match &head.hash {
                written if *written == doubted.hash => ChainMismatch::Content,
                written if *written == hash => ChainMismatch::Hash,
                _ => ChainMismatch::Row,
            };
            return Chain::Broken(at(&doubted, misfit));
        }
        if position < head.position {
            let misfit = ChainMismatch::Missing(head.position);
            return Chain::Broken(Break { position: position + 1, row: None, misfit });
        }
        if head.hash != hash {
            return found(ChainMismatch::Head);
        }
        match mark {
            Some(mark) if mark.position > position => {
                found(ChainMismatch::EndsBeforeMark(mark.position))
            }
            Some(mark) if mark.position == 0 && mark.hash != GENESIS => found(ChainMismatch::Mark),
            _ => Chain::Intact { position, hash },
        }
    }
}

fn at(row: &JournalRow, misfit: ChainMismatch) -> Break {
    let JournalRow { at, kind, subject_type, subject_id, actor_name, .. } = row;
    let at = at.0.to_rfc3339();
    let value = format!("{at} {kind} of /v1/{subject_type}/{subject_id} by {actor_name}");
    Break { position: row.position, row: Some(value), misfit }
}
