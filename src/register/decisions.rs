//! Public decisions, by id, actor and subject.

use std::sync::Arc;

use rpds::RedBlackTreeMapSync;
use uuid::Uuid;

use super::snapshot::FeedRecord;
use crate::json::public::DecisionRecord;

type Map<K, V> = RedBlackTreeMapSync<K, V>;

/// Every public decision. Ids grow with time, so the order by id is that of signing.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    all: Map<Uuid, FeedRecord<DecisionRecord>>,
    of_municipality: Map<(String, Uuid), ()>,
    of_provider: Map<(String, Uuid), ()>,
    of_group: Map<(String, String, Uuid), ()>,
}

impl Decisions {
    /// Inserts the present record of a decision.
    pub fn keep(&mut self, record: &Arc<DecisionRecord>, position: i64) {
        let DecisionRecord { id, municipality, service, provider, .. } = &**record;
        self.of_municipality.insert_mut((municipality.clone(), *id), ());
        self.of_provider.insert_mut((provider.clone(), *id), ());
        self.of_group.insert_mut((municipality.clone(), service.clone(), *id), ());
        self.all.insert_mut(*id, FeedRecord { position, record: Arc::clone(record) });
    }

    /// The position of a decision's last record.
    #[must_use]
    pub fn position(&self, id: Uuid) -> Option<i64> {
        self.all.get(&id).map(|row| row.position)
    }

    /// All of them, after one of them.
    pub(super) fn after(
        &self,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &FeedRecord<DecisionRecord>> {
        let from = after.unwrap_or(Uuid::nil());
        let later = self.all.range(from..).filter(move |(id, _)| Some(**id) != after);
        later.map(|(_, row)| row)
    }

    /// Those of a municipality, after one of them.
    pub(super) fn of_municipality(
        &self,
        number: &str,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &FeedRecord<DecisionRecord>> + use<'_> {
        self.of(&self.of_municipality, number, after)
    }

    /// Those that concern a provider, after one of them.
    pub(super) fn of_provider(
        &self,
        number: &str,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &FeedRecord<DecisionRecord>> + use<'_> {
        self.of(&self.of_provider, number, after)
    }

    /// Those of a municipality's service.
    pub(super) fn of_group(
        &self,
        municipality: &str,
        service: &str,
    ) -> impl Iterator<Item = &FeedRecord<DecisionRecord>> + use<'_> {
        let key = |id| (municipality.to_owned(), service.to_owned(), id);
        let own = self.of_group.range(key(Uuid::nil())..=key(Uuid::max()));
        own.filter_map(|((.., id), ())| self.all.get(id))
    }

    fn of<'a>(
        &'a self,
        index: &'a Map<(String, Uuid), ()>,
        number: &str,
        after: Option<Uuid>,
    ) -> impl Iterator<Item = &'a FeedRecord<DecisionRecord>> + use<'a> {
        let key = |id| (number.to_owned(), id);
        let own = index.range(key(after.unwrap_or(Uuid::nil()))..=key(Uuid::max()));
        own.filter(move |((_, id), ())| Some(*id) != after)
            .filter_map(|((_, id), ())| self.all.get(id))
    }
}
