//! The people of a municipality, and steps that need several of them.

use serde_json::{Value, json};

use super::{
    Person,
    people::{Assessed, CRITERIA, reasons},
};

/// The people of a municipality.
pub struct Town {
    pub editor: Person,
    pub case_worker: Person,
    pub decision_maker: Person,
}

impl Town {
    /// Publishes an offering; gives its id.
    pub async fn publish(&self, service: &str, content: Value) -> String {
        let offering = self.editor.drafts(service, content).await;
        self.editor.publishes(&offering).await.expect(201);
        offering
    }

    /// Assesses a submitted application; the decision maker is impartial too.
    pub async fn assess(&self, application: &str, assessed: Assessed) {
        self.case_worker.declares_impartiality(application).await.expect(200);
        self.case_worker.starts_assessment(application).await.expect(200);
        for criterion in CRITERIA {
            let fails = assessed == Assessed::OneFailing && criterion == "contingency-plan";
            let outcome = if fails { "not-met" } else { "met" };
            self.case_worker.assesses(application, criterion, outcome).await.expect(200);
        }
        self.decision_maker.declares_impartiality(application).await.expect(200);
    }

    /// Approves an assessed application; returns the approval's id.
    pub async fn approve(&self, application: &str) -> String {
        // A procurement basis demands reasons (anskaffelsesforskriften § 30-8).
        let body = json!({"outcome": "approve", "reasons": reasons()});
        let decision = self.decision_maker.decides(application, body).await.expect(201).json();
        decision["approvalId"].as_str().unwrap().to_owned()
    }

    /// The whole way of a registered provider to its approval, in some zones; gives its id.
    pub async fn approval(&self, provider: &Person, offering: &str, zones: &[&str]) -> String {
        let application = provider.drafts_application(offering).await;
        provider.completes(&application).await;
        provider.patches_application(&application, json!({"zones": zones})).await.expect(200);
        provider.submits(&application).await.expect(200);
        self.assess(&application, Assessed::AllMet).await;
        self.approve(&application).await
    }

    /// The same, and the contract from 12 March 2026.
    pub async fn contract(&self, provider: &Person, offering: &str, zones: &[&str]) -> String {
        let approval = self.approval(provider, offering, zones).await;
        let signed = self.decision_maker.records_contract(&approval, "2026-03-12", None);
        signed.await.expect(200);
        for who in [&self.case_worker, &self.decision_maker] {
            who.declares_impartiality_after(&approval).await.expect(200);
        }
        approval
    }
}
