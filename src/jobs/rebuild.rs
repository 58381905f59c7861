//! Audit of the register: compares the public records of the journal with the tables.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    ops::ControlFlow,
};

use serde_json::Value;
use uuid::Uuid;

use super::follow::public_change;
use crate::{
    domain::values::time::Instant,
    json::public::{DecisionRecord, OfferingRecord, PublicRecord},
    register::{AsOfView, BATCH, Snapshot},
    store::{self, Rebuilt, Session, Store},
};

/// Result of an audit of the register.
#[derive(Debug, PartialEq)]
pub enum Audit {
    /// Journal and tables agree on this number of records, at a position of the feed.
    Equal {
        /// Number of records; each version of an offering counts.
        records: usize,
        /// The position of the last change.
        position: i64,
    },
    /// They do not: the first difference.
    Differs(Difference),
}

/// Where the journal and the tables part.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Path of the record.
    pub subject: String,
    /// The JSON pointer to the first value that differs in its public form; empty for all of it.
    pub pointer: String,
    /// The journal's value there, if any.
    pub journal: Option<Value>,
    /// The tables' value there, if any.
    pub tables: Option<Value>,
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equal { records, position } => {
                write!(f, "equal: {records} records at position {position}")
            }
            Self::Differs(difference) => difference.fmt(f),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, pointer, journal, tables } = self;
        let input = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
        };
        write!(
            f,
            "differs: {subject} at {}\n  journal: {}\n  tables: {}",
            if pointer.is_empty() { "its whole" } else { pointer },
            input(journal),
            input(tables)
        )
    }
}

/// Folds the journal into a separate register, builds every public record from the tables, and compares them at
/// an instant. Reads in one transaction, so writers may continue.
pub fn audit_register(store: &Store, now: Instant) -> Result<Audit, store::StoreError> {
    store.read(|session| {
        let snapshot = fold(session)?;
        let mut comparison = Comparison::of(&snapshot, now);
        let walked = session.rebuild(now, &mut |rebuilt| comparison.see(rebuilt))?;
        Ok(match walked {
            ControlFlow::Break(difference) => Audit::Differs(difference),
            ControlFlow::Continue(()) => comparison.end(),
        })
    })
}

fn fold(session: &mut Session<'_>) -> Result<Snapshot, store::StoreError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut snapshot = Snapshot::default();
    loop {
        let rows = session.public_after(snapshot.position(), limit)?;
        if rows.is_empty() {
            return Ok(snapshot);
        }
        for row in rows {
            snapshot.apply(public_change(row)?);
        }
    }
}

/// A register, and its records not yet found in the tables.
struct Comparison<'a> {
    view: AsOfView<'a>,
    now: Instant,
    decisions: HashMap<Uuid, &'a DecisionRecord>,
    /// Keys, by collection, of the journal's records not yet found.
    unseen: BTreeMap<&'a str, HashSet<&'a str>>,
    /// Collection and key of records with an unreadable row: they are not compared.
    set_aside: HashSet<(&'a str, &'a str)>,
    records: usize,
}

impl<'a> Comparison<'a> {
    fn of(snapshot: &'a Snapshot, now: Instant) -> Self {
        let view = AsOfView::now(snapshot, now);
        let mut unseen: BTreeMap<_, HashSet<_>> = BTreeMap::new();
        for change in snapshot.changes_after(0) {
            let keys = unseen.entry(change.collection.as_str()).or_default();
            match &change.record {
                Some(PublicRecord::Removed(_)) => keys.remove(change.key.as_str()),
                Some(_) => keys.insert(change.key.as_str()),
                // Set aside: it is not compared.
                None => false,
            };
        }
        Self {
            view,
            now,
            decisions: view.decisions(None).map(|record| (record.id, record)).collect(),
            unseen,
            set_aside: snapshot
                .unread()
                .flatten()
                .map(|change| (change.collection.as_str(), change.key.as_str()))
                .collect(),
            records: 0,
        }
    }

    /// Compares a record of the tables with that of the register.
    fn see(&mut self, rebuilt: Rebuilt) -> ControlFlow<Difference> {
        match rebuilt {
            Rebuilt::Whole(tables) => self.compare(&tables),
            Rebuilt::Outlived(mut tables) => {
                if let Some(journal_record) = self.decisions.get(&tables.id) {
                    tables.version = journal_record.version;
                    tables.criteria.clone_from(&journal_record.criteria);
                }
                self.compare(&(*tables).into())
            }
            Rebuilt::Offering(tables, versions) => {
                let id = tables.id;
                self.compare(&(*tables).into())?;
                if self.set_aside.contains(&("offerings", id.to_string().as_str())) {
                    return ControlFlow::Continue(());
                }
                self.compare_versions(id, versions)
            }
        }
    }

    fn compare(&mut self, tables: &PublicRecord) -> ControlFlow<Difference> {
        let (collection, key) = place(tables);
        if let Some(keys) = self.unseen.get_mut(collection) {
            keys.remove(key.as_str());
        }
        if self.set_aside.contains(&(collection, key.as_str())) {
            return ControlFlow::Continue(());
        }
        self.records += 1;
        let journal = self.journal_record(tables);
        if journal.as_ref() == Some(tables) {
            return ControlFlow::Continue(());
        }
        let subject = format!("/v1/{collection}/{key}");
        ControlFlow::Break(difference(subject, journal.as_ref(), Some(tables)))
    }

    /// The content of a version is fixed; the offering's lifecycle is not part of it.
    fn compare_versions(
        &mut self,
        id: Uuid,
        tables: Vec<OfferingRecord>,
    ) -> ControlFlow<Difference> {
        let mut journal = self.view.versions(id);
        let mut tables = tables.into_iter();
        loop {
            let (journal_record, stored) = (journal.next(), tables.next());
            let Some(number) = stored.as_ref().or(journal_record).map(|it| it.version) else {
                return ControlFlow::Continue(());
            };
            let stored = match (journal_record, stored) {
                (Some(journal_record), Some(stored)) => {
                    let OfferingRecord { state, closure, own_listing, .. } = journal_record.clone();
                    Some(OfferingRecord { state, closure, own_listing, ..stored })
                }
                (_, stored) => stored,
            };
            self.records += 1;
            if journal_record != stored.as_ref() {
                let subject = format!("/v1/offerings/{id}/versions/{number}");
                let journal_record = journal_record.cloned().map(PublicRecord::from);
                let stored = stored.map(PublicRecord::from);
                let found = difference(subject, journal_record.as_ref(), stored.as_ref());
                return ControlFlow::Break(found);
            }
        }
    }

    /// The register's present record of the same subject.
    fn journal_record(&self, tables: &PublicRecord) -> Option<PublicRecord> {
        let snapshot = self.view.snapshot();
        match tables {
            PublicRecord::Municipality(it) => {
                snapshot.municipality(it.number.as_str()).cloned().map(Into::into)
            }
            PublicRecord::Provider(it) => {
                snapshot.provider(it.organisation_number.as_str()).cloned().map(Into::into)
            }
            PublicRecord::Offering(it) => {
                snapshot.offering(it.id).map(|journal_record| journal_record.at(self.now).into())
            }
            PublicRecord::LateAccess(it) => {
                self.view.late_access(it.id.uuid()).cloned().map(Into::into)
            }
            PublicRecord::Decision(it) => self
                .decisions
                .get(&it.id)
                .map(|journal_record| DecisionRecord::clone(journal_record).into()),
            PublicRecord::Approval(it) => self.view.approval(it.id).map(|seen| seen.own().into()),
            // The tables have no tombstones: records absent from them must not be public.
            PublicRecord::Removed(_) => None,
        }
    }

    /// The tables are exhausted: no record may be left.
    fn end(self) -> Audit {
        let left = |(collection, keys): (_, &HashSet<_>)| Some((collection, *keys.iter().min()?));
        let Some((collection, key)) = self.unseen.iter().find_map(left) else {
            let (records, position) = (self.records, self.view.position());
            return Audit::Equal { records, position };
        };
        let changes = self.view.snapshot().changes_after(0);
        let last = changes.filter(|it| it.collection == *collection && it.key == *key).last();
        let subject = format!("/v1/{collection}/{key}");
        Audit::Differs(difference(subject, last.and_then(|change| change.record.as_ref()), None))
    }
}

/// Collection and key, as in the record's path.
fn place(record: &PublicRecord) -> (&'static str, String) {
    match record {
        PublicRecord::Municipality(it) => ("municipalities", it.number.to_string()),
        PublicRecord::Provider(it) => ("providers", it.organisation_number.to_string()),
        PublicRecord::Offering(it) => ("offerings", it.id.to_string()),
        PublicRecord::LateAccess(it) => ("late-access", it.id.to_string()),
        PublicRecord::Decision(it) => ("decisions", it.id.to_string()),
        PublicRecord::Approval(it) => ("approvals", it.id.to_string()),
        PublicRecord::Removed(it) => ("approvals", it.approval.to_string()),
    }
}

fn difference(
    subject: String,
    journal: Option<&PublicRecord>,
    tables: Option<&PublicRecord>,
) -> Difference {
    // Every record can be written as JSON.
    let json = |record: Option<&PublicRecord>| {
        record.and_then(|it| serde_json::from_str(&it.to_json().ok()?).ok())
    };
    let (journal, tables): (Option<Value>, Option<Value>) = (json(journal), json(tables));
    let found = parting(journal.as_ref(), tables.as_ref(), String::new());
    let (pointer, journal, tables) =
        found.unwrap_or((String::new(), journal.as_ref(), tables.as_ref()));
    Difference { subject, pointer, journal: journal.cloned(), tables: tables.cloned() }
}

type Parting<'a> = (String, Option<&'a Value>, Option<&'a Value>);

/// The first place at which two JSON values part, by JSON pointer (RFC 6901), with both values there.
fn parting<'a>(
    journal: Option<&'a Value>,
    tables: Option<&'a Value>,
    at: String,
) -> Option<Parting<'a>> {
    match (journal, tables) {
        (journal, tables) if journal == tables => None,
        (Some(Value::Object(journal)), Some(Value::Object(tables))) => {
            let mut keys: Vec<_> = journal.keys().chain(tables.keys()).collect();
            keys.sort_unstable();
            keys.into_iter().find_map(|key| {
                let token = key.replace('~', "~0").replace('/', "~1");
                parting(journal.get(key), tables.get(key), format!("{at}/{token}"))
            })
        }
        (Some(Value::Array(journal)), Some(Value::Array(tables))) => {
            let longer = journal.len().max(tables.len());
            (0..longer).find_map(|i| parting(journal.get(i), tables.get(i), format!("{at}/{i}")))
        }
        (journal, tables) => Some((at, journal, tables)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_parting_is_named_by_its_pointer() {
        let part = |one: &Value, other: &Value| {
            parting(Some(one), Some(other), String::new())
                .map(|(at, one, other)| (at, one.cloned(), other.cloned()))
        };
        let one = json!({"a": [1, {"b/c": "x"}], "d": null});
        assert_eq!(part(&one, &one), None);
        let other = json!({"a": [1, {"b/c": "y"}], "d": 1});
        let (x, y) = (Some(json!("x")), Some(json!("y")));
        assert_eq!(part(&one, &other), Some(("/a/1/b~1c".to_owned(), x, y)));
        let shorter = json!({"a": [1], "d": null});
        let rest = Some(json!({"b/c": "x"}));
        assert_eq!(part(&one, &shorter), Some(("/a/1".to_owned(), rest, None)));
        let without = json!({"a": [1, {"b/c": "x"}]});
        let null = Some(Value::Null);
        assert_eq!(part(&one, &without), Some(("/d".to_owned(), null, None)));
        assert_eq!(part(&json!(1), &json!("1")).unwrap().0, "");
    }

    #[test]
    fn what_was_found_is_said_in_words() {
        let equal = Audit::Equal { records: 3, position: 7 };
        assert_eq!(equal.to_string(), "equal: 3 records at position 7");
        let differs = Audit::Differs(Difference {
            subject: "/v1/approvals/1".to_owned(),
            pointer: "/zones/0".to_owned(),
            journal: Some(json!("whole")),
            tables: None,
        });
        let input = "differs: /v1/approvals/1 at /zones/0\n  journal: \"whole\"\n  tables: nothing";
        assert_eq!(differs.to_string(), input);
    }
}
