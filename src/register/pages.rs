//! Cache of rendered pages: each rendered at its first read, and kept until a change or time invalidates it.

use std::{ops::Range, sync::Arc};

use arc_swap::{ArcSwapOption, Guard};
use rpds::HashTrieMapSync;
use uuid::Uuid;

use super::{
    as_of::AsOfView,
    body::Body,
    page::{OWN, PageProvider, page},
    shuffle,
    snapshot::Snapshot,
};
use crate::{catalogue::Catalogue, domain::values::time::Instant};

/// The name of a page: the end of its path.
#[must_use]
pub fn key(municipality: &str, service: &str) -> String {
    format!("{municipality}/{service}")
}

/// A page as bytes, and how long they are true.
#[derive(Debug)]
pub struct Rendered {
    /// The JSON, with the time of the last change of its content.
    pub body: Body,
    until: Option<Instant>,
    entries: Vec<PageEntry>,
}

/// An entry of a page.
#[derive(Debug)]
struct PageEntry {
    /// Where in the order by name.
    place: String,
    /// The approval's id; that of the municipality's own offer is `own`.
    id: String,
    /// Where in the JSON.
    range: Range<usize>,
}

impl Rendered {
    /// Renders the page that a lens shows; none where nothing is published.
    #[must_use]
    pub fn of(
        view: AsOfView<'_>,
        (municipality, service): (&str, &str),
        catalogue: &Catalogue,
        changed_at: Instant,
    ) -> Option<Self> {
        let (mut page, times) = page(view, municipality, service, catalogue)?;
        let mut providers: Vec<_> = page.providers.drain(..).map(placed).collect();
        providers.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        let mut json = serde_json::to_vec(&page).ok()?;
        // The providers come last: they are inserted between the brackets of the empty list.
        json.truncate(json.len().checked_sub(2)?);
        let mut entries = Vec::with_capacity(providers.len());
        for (place, id, provider) in providers {
            if !entries.is_empty() {
                json.push(b',');
            }
            let start = json.len();
            serde_json::to_writer(&mut json, &provider).ok()?;
            entries.push(PageEntry { place, id, range: start..json.len() });
        }
        json.extend_from_slice(b"]}");
        let past = times.iter().filter(|at| **at <= view.at()).max().copied();
        Some(Self {
            body: Body::for_cache(json)
                .modified_at(past.map_or(changed_at, |past| past.max(changed_at))),
            until: times.into_iter().filter(|at| *at > view.at()).min(),
            entries,
        })
    }

    /// Whether time has not changed it.
    #[must_use]
    pub fn is_fresh(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// All entries, by name or shuffled by a seed: order and identity.
    #[must_use]
    pub fn order(&self, seed: Option<&str>) -> Vec<(String, usize)> {
        let entries = self.entries.iter().enumerate();
        match seed {
            None => entries.map(|(which, it)| (it.place.clone(), which)).collect(),
            Some(seed) => {
                let mut order: Vec<_> =
                    entries.map(|(which, it)| (shuffle::place(seed, &it.id), which)).collect();
                order.sort_unstable();
                order
            }
        }
    }

    /// Whether a text is a place in that order.
    #[must_use]
    pub fn has_place(value: &str, seed: Option<&str>) -> bool {
        let is_id = |id: &str| id == OWN || Uuid::parse_str(id).is_ok();
        match seed {
            Some(_) => shuffle::is_place(value),
            None => value.rsplit_once('\0').is_some_and(|(_, id)| is_id(id)),
        }
    }

    /// The page with some of the entries, in another order, and a suffix.
    #[must_use]
    pub fn with(&self, some: &[(String, usize)], behind: &str) -> Vec<u8> {
        let plain = self.body.plain();
        let head = self.entries.first().map_or(plain.len().saturating_sub(2), |it| it.range.start);
        let mut json = plain.get(..head).unwrap_or_default().to_vec();
        for (count, (_, which)) in some.iter().enumerate() {
            if count > 0 {
                json.push(b',');
            }
            let range = self.entries.get(*which).map(|it| it.range.clone());
            json.extend_from_slice(range.and_then(|it| plain.get(it)).unwrap_or_default());
        }
        json.push(b']');
        json.extend_from_slice(behind.as_bytes());
        json.push(b'}');
        json
    }
}

fn placed(provider: PageProvider) -> (String, String, PageProvider) {
    (provider.place_by_name(), provider.place_id(), provider)
}

/// A page in the cache, until it is invalidated.
#[derive(Debug)]
pub(super) struct Slot {
    touched: Instant,
    rendered: ArcSwapOption<Rendered>,
}

impl Slot {
    /// The page as it was rendered last, where it was.
    pub(super) fn ready(&self) -> Guard<Option<Arc<Rendered>>> {
        self.rendered.load()
    }

    /// The page as it is now, rendered from the snapshot that the slot is in.
    pub(super) fn page(
        &self,
        snapshot: &Snapshot,
        key: &str,
        catalogue: &Catalogue,
        now: Instant,
    ) -> Option<Arc<Rendered>> {
        let view = AsOfView::now(snapshot, now);
        let page = Arc::new(Rendered::of(view, key.split_once('/')?, catalogue, self.touched)?);
        self.rendered.store(Some(Arc::clone(&page)));
        Some(page)
    }
}

/// All pages, and the invalidated ones with readers since the last snapshot.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    slots: HashTrieMapSync<String, Arc<Slot>>,
    touched: Vec<String>,
}

impl Pages {
    /// Something has changed on a page.
    pub(super) fn touch(&mut self, key: String, at: Instant) {
        let read = self.slots.get(&key).is_some_and(|slot| slot.rendered.load().is_some());
        if read {
            self.touched.push(key.clone());
        }
        self.slots
            .insert_mut(key, Arc::new(Slot { touched: at, rendered: ArcSwapOption::empty() }));
    }

    pub(super) fn slot(&self, key: &str) -> Option<&Arc<Slot>> {
        self.slots.get(key)
    }

    /// Drains the set of cached pages invalidated by this change.
    pub(super) fn take_touched(&mut self) -> Vec<String> {
        std::mem::take(&mut self.touched)
    }
}
