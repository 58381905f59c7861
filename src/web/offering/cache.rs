//! The rendered pages of services, kept as bytes while the register's page behind them is the same.

use std::sync::Arc;

use actix_web::{HttpResponse, dev::RequestHead};
use arc_swap::ArcSwap;
use chrono::NaiveDate;
use rpds::HashTrieMapSync;

use super::super::request::respond;
use crate::{
    api::AppState,
    domain::values::time::{Instant, day_of, start_of_day},
    register::{Rendered, body::Body},
    words::Locale,
};

/// A page, and what it was rendered from. Holding the source keeps its address from being used again.
#[derive(Debug)]
struct KeptPage {
    /// The key of the register's page.
    key: String,
    source: Arc<Rendered>,
    /// The order of the providers changes every day.
    day: NaiveDate,
    locale: Locale,
    body: Body,
}

impl KeptPage {
    fn is_of(&self, source: &Arc<Rendered>, day: NaiveDate) -> bool {
        self.day == day && Arc::ptr_eq(&self.source, source)
    }
}

/// The kept pages by their paths: at most one for each published service and language.
#[derive(Debug, Default)]
pub struct ServicePages(ArcSwap<HashTrieMapSync<String, Arc<KeptPage>>>);

impl ServicePages {
    /// Sends the page of a path: kept, or rendered now. None where there is nothing to render.
    pub(super) fn answer(
        &self,
        head: &RequestHead,
        (key, locale): (&str, Locale),
        source: Arc<Rendered>,
        now: Instant,
        render: impl FnOnce() -> Option<String>,
    ) -> Option<HttpResponse> {
        let (path, day) = (head.uri.path(), day_of(now));
        if let Some(kept) = self.0.load().get(path)
            && kept.is_of(&source, day)
        {
            return Some(respond(&head.headers, kept.locale, &kept.body));
        }
        let mut body = Body::for_cache(render()?);
        if let Some((at, _)) = source.body.modified() {
            // The order of the day is a change too.
            body = body.modified_at((*at).max(start_of_day(day)));
        }
        let answer = respond(&head.headers, locale, &body);
        let page = Arc::new(KeptPage { key: key.to_owned(), source, day, locale, body });
        self.0.rcu(|kept| kept.insert(path.to_owned(), Arc::clone(&page)));
        Some(answer)
    }

    /// Sends the kept page of a request, if the register and the day are still the same.
    #[must_use]
    pub fn ready(
        &self,
        state: &AppState,
        head: &RequestHead,
        now: Instant,
    ) -> Option<HttpResponse> {
        let pages = self.0.load();
        let kept = pages.get(head.uri.path())?;
        let is_same = |source: &Arc<Rendered>, _| kept.is_of(source, day_of(now));
        let is_same = state.register.with_page(&kept.key, now, is_same)?;
        is_same.then(|| respond(&head.headers, kept.locale, &kept.body))
    }
}
