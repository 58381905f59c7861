//! The rendered pages of services, kept as bytes while the register's page behind them is the same.

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use rpds::HashTrieMapSync;

use crate::{
    register::{Rendered, body::Body},
    words::Locale,
};

/// Pages by the key of the register's page, one for each language.
type Kept = HashTrieMapSync<(String, &'static str), Arc<KeptPage>>;

/// A page, and what it was rendered from. Holding the source keeps its address from being used again.
#[derive(Debug)]
struct KeptPage {
    source: Arc<Rendered>,
    /// The order of the providers changes every day.
    day: NaiveDate,
    body: Arc<Body>,
}

/// The kept pages: at most one for each published service and language.
#[derive(Debug, Default)]
pub struct ServicePages(ArcSwap<Kept>);

impl ServicePages {
    /// The page of a source and a day: kept, or rendered now.
    pub(super) fn get(
        &self,
        key: &str,
        locale: Locale,
        source: Arc<Rendered>,
        day: NaiveDate,
        render: impl FnOnce() -> Option<String>,
    ) -> Option<Arc<Body>> {
        let key = (key.to_owned(), locale.as_str());
        if let Some(kept) = self.0.load().get(&key)
            && kept.day == day
            && Arc::ptr_eq(&kept.source, &source)
        {
            return Some(Arc::clone(&kept.body));
        }
        let mut body = Body::for_cache(render()?);
        if let Some((at, _)) = source.body.modified() {
            // The order of the day is a change too.
            body = body.modified_at((*at).max(crate::domain::values::time::start_of_day(day)));
        }
        let body = Arc::new(body);
        let page = Arc::new(KeptPage { source, day, body: Arc::clone(&body) });
        self.0.rcu(|kept| kept.insert(key.clone(), Arc::clone(&page)));
        Some(body)
    }
}
