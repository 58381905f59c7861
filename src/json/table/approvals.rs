//! A row for each approval.

use std::borrow::Cow;

use super::{Tabular, cell, instant, joined, maybe};
use crate::{catalogue::Catalogue, json::public::ApprovalView};

/// An approval with the names that a reader of the table alone needs.
#[derive(Debug, Clone)]
pub struct ApprovalTableRow<'a> {
    approval: ApprovalView,
    catalogue: &'a Catalogue,
}

impl<'a> ApprovalTableRow<'a> {
    /// The row of an approval.
    #[must_use]
    pub const fn new(approval: ApprovalView, catalogue: &'a Catalogue) -> Self {
        Self { approval, catalogue }
    }
}

impl Tabular for ApprovalTableRow<'_> {
    fn columns() -> Vec<&'static str> {
        vec![
            "id",
            "status",
            "nextChange",
            "municipality",
            "municipalityName",
            "service",
            "serviceName",
            "provider",
            "name",
            "kind",
            "zones",
            "languages",
            "capacity",
            "capacityOn",
            "phone",
            "web",
            "lastConfirmedAt",
            "contractNumber",
            "contractFrom",
            "contractTo",
            "noticeEffectiveOn",
            "offeringEndsOn",
            "revocationEffectiveAt",
            "grantedAt",
            "decisionId",
            "offeringId",
            "version",
        ]
    }

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let Self { approval: ApprovalView { record: approval, profile, .. }, catalogue } = self;
        let provider = profile.as_deref();
        let municipality = catalogue.municipality(&approval.municipality);
        let service = catalogue.service_type(&approval.service);
        let listing = approval.listing.as_ref();
        let here =
            listing.map(|it| joined(&it.details.languages)).filter(|spoken| !spoken.is_empty());
        let languages = here.or(provider.map(|it| joined(&it.languages)));
        let confirmed = listing.map(|it| it.confirmed_at);
        let confirmed = confirmed.or(provider.map(|it| it.last_confirmed_at));
        let lifecycle = &approval.lifecycle;
        let contract = lifecycle.contract();
        let termination = lifecycle.contract_period().and_then(|it| it.termination.as_ref());
        vec![
            cell(Some(approval.id)),
            Cow::Borrowed(approval.status.as_str()),
            approval.next_change.map_or(Cow::Borrowed(""), instant),
            Cow::Borrowed(&approval.municipality),
            maybe(municipality.map(|(_, entry)| &entry.name)),
            Cow::Borrowed(&approval.service),
            maybe(service.map(|it| &it.name_nb)),
            Cow::Borrowed(&approval.provider),
            maybe(provider.map(|it| &it.name)),
            Cow::Borrowed(provider.map_or("", |it| it.kind.as_str())),
            Cow::Owned(approval.zones.join(", ")),
            languages.unwrap_or_default(),
            Cow::Borrowed(listing.map_or("", |it| it.capacity.as_str())),
            cell(listing.map(|it| it.capacity_on)),
            maybe(provider.and_then(|it| it.phone.as_ref())),
            maybe(provider.and_then(|it| it.web.as_ref())),
            confirmed.map_or(Cow::Borrowed(""), instant),
            Cow::Borrowed(contract.map_or("", |it| it.number.as_str())),
            cell(contract.map(|it| it.from)),
            cell(contract.and_then(|it| it.to)),
            cell(termination.map(|it| it.effective_on)),
            cell(lifecycle.offering_end().map(|it| it.on)),
            lifecycle.revocation.as_ref().map_or(Cow::Borrowed(""), |it| instant(it.effective_at)),
            instant(approval.granted_at),
            cell(Some(approval.decision_id)),
            cell(Some(approval.offering_id)),
            cell(Some(approval.version)),
        ]
    }
}
