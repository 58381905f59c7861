//! Routes: one list gives the server and its OpenAPI document.

use utoipa_actix_web::{scope, service_config::ServiceConfig};

use super::{
    commands,
    resources::{
        access, appeal, application, approval, audit, case_list, catalogue, changes, checkpoint,
        compensation, decision, discovery, evidence, follow_up, guide, health, late_access,
        letters, municipality, notice, notice_address, offering, prior_notice, problems, provider,
        register, snapshots, statistics, work_list,
    },
};

/// The list of routes. The most frequent come first: paths are compared in order.
#[allow(clippy::too_many_lines, reason = "a list is read faster than its parts")]
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(health::live)
        .service(health::ready)
        .service(health::metrics)
        .service(health::openapi)
        .service(problems::problems)
        .service(discovery::protected_resource)
        .map(guide::routes)
        .map(notice_address::routes)
        .service(
            scope("/v1")
                .service(register::register_page)
                .service(approval::search::approval_list)
                .service(approval::lookup::approval_lookup)
                .service(approval::approval_get)
                .service(changes::change_list)
                .service(compensation::compensation_list)
                .service(compensation::quotes::compensation_quote)
                .service(statistics::statistics_list)
                .service(municipality::municipality_list)
                .service(municipality::municipality_get)
                .service(compensation::calculations::calculation_make)
                .service(catalogue::service_type_list)
                .service(catalogue::criterion_list)
                .service(catalogue::ground_list)
                .service(offering::offering_list)
                .service(offering::offering_get)
                .service(offering::draft::offering_draft_get)
                .service(compensation::history::offering_compensation_get)
                .service(offering::compensation::offering_preview_adjustment)
                .service(offering::offering_version_list)
                .service(offering::offering_version_get)
                .service(offering::offering_version_changes)
                .service(late_access::late_access_list)
                .service(late_access::late_access_get)
                .service(provider::provider_list)
                .service(provider::provider_get)
                .service(evidence::evidence_list)
                .service(evidence::evidence_upload)
                .service(evidence::evidence_get)
                .service(evidence::evidence_content)
                .service(application::application_list)
                .service(application::application_get)
                .service(decision::public::decision_list)
                .service(decision::decision_get)
                .service(appeal::appeal_list)
                .service(appeal::appeal_get)
                .service(approval::approval_case_get)
                .service(prior_notice::prior_notice_list)
                .service(prior_notice::prior_notice_get)
                .service(notice::notice_list)
                .service(notice::notice_get)
                .service(follow_up::follow_up_list)
                .service(follow_up::follow_up_get)
                .configure(commands::routes)
                .service(work_list::work_list)
                .service(case_list::case_list)
                .service(changes::stream::change_stream)
                .service(snapshots::snapshot_ndjson)
                .service(snapshots::snapshot_csv)
                .service(snapshots::snapshot_xlsx)
                .service(snapshots::digest::snapshot_digest)
                .service(letters::decision_letter)
                .service(letters::prior_notice_letter)
                .service(letters::receipt_letter)
                .service(letters::completion_letter)
                .service(letters::notice_letter)
                .service(access::application_access_list)
                .service(access::approval_access_list)
                .service(audit::audit_list)
                .service(checkpoint::checkpoint_get)
                .service(checkpoint::checkpoint_key_list),
        );
}
