//! A body for each operation that fits what there is; where nothing fits, one that is at least well-formed.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::people::settings_of;
use crate::{
    bench::register::dice::Dice,
    world::{
        files::pdf,
        people::{CRITERIA, EVIDENCE, evidence, profile, reasons, warning},
    },
};

/// What is sent.
#[derive(Debug, Default)]
pub struct Body {
    pub json: Option<Value>,
    /// A parameter of the path that was left open.
    pub parameter: Option<(&'static str, String)>,
    pub file: Option<Vec<u8>>,
}

/// What one must know beside the resource itself.
pub struct Facts {
    pub today: NaiveDate,
    pub step: usize,
    pub is_provider: bool,
    /// The decision that an appeal is against.
    pub against: Value,
    /// A prior notice that carries a revocation of the approval.
    pub heard: Value,
    /// The offering's version in force.
    pub version: Value,
    pub seed: u64,
    /// Who does it.
    pub name: &'static str,
}

impl Facts {
    fn day(&self, days: u64) -> String {
        self.today.checked_add_days(Days::new(days)).unwrap().to_string()
    }
}

fn sends(json: Value) -> Body {
    Body { json: Some(json), ..Body::default() }
}

fn at(name: &'static str, value: impl ToString, json: Value) -> Body {
    Body { json: Some(json), parameter: Some((name, value.to_string())), file: None }
}

/// The items of a list that may be missing.
fn items(list: &Value) -> impl DoubleEndedIterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// What is sent for an action.
pub fn of(action: &Value, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    let (operation, act) = (action["operation"].as_str().unwrap(), action["act"].as_str().unwrap());
    match operation {
        "municipalityPut" => {
            let mut settings = settings_of(facts.seed);
            settings["delegation"] = json!(format!("Punkt {}", facts.step));
            sends(settings)
        }
        "providerPut" => sends(profile(&format!("Eksempel {} AS", facts.step))),
        "evidenceUpload" => Body { file: Some(pdf(1 << 20)), ..Body::default() },
        "lateAccessGrant" => sends(json!({
            "provider": "313000028", "reason": {"nb": "Innsendingen var nede."},
            "expiresOn": facts.day(20),
        })),
        "providerConfirm"
        | "offeringPublish"
        | "offeringOwnListingConfirm"
        | "applicationSubmit"
        | "applicationWithdraw"
        | "applicationComplete"
        | "applicationResume"
        | "applicationStartAssessment"
        | "applicationRemoveContact"
        | "decisionDemandReasons"
        | "appealWithdraw"
        | "approvalListingConfirm" => Body::default(),
        _ if operation.starts_with("offering") => on_offering(operation, act, view, facts, dice),
        _ if operation.ends_with("Impartiality") => impartiality(operation, view, facts, dice),
        _ if operation.starts_with("application") => {
            on_application(operation, act, view, facts, dice)
        }
        _ if operation.starts_with("decision") => on_decision(operation, view, facts, dice),
        _ if operation.starts_with("appeal") => on_appeal(operation, view, facts, dice),
        _ => on_approval(operation, view, facts, dice),
    }
}

fn on_offering(operation: &str, act: &str, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    let reason = json!({"nb": "Kommunestyret har vedtatt det."});
    let later = u64::try_from(400 + facts.step).unwrap();
    match operation {
        "offeringDraftPatch" => {
            let text = format!("Krav {} med bakvakt.", facts.step);
            let mut criteria = view["content"]["criteria"].clone();
            criteria[2]["text"] = json!({"nb": text});
            sends(json!({"criteria": criteria}))
        }
        "offeringClose" if act == "end" => sends(json!({
            "kind": "ending", "on": facts.day(5), "reason": reason,
            "windingDown": {"until": facts.day(90), "takenOverBy": "Kommunen"},
        })),
        "offeringClose" => sends(json!({"kind": "to-new", "from": facts.day(1), "reason": reason})),
        "offeringOwnListingPatch" => {
            sends(json!({"capacity": dice.pick(&["open", "limited", "full"])}))
        }
        "offeringAnnounceCompensation" => {
            // It follows the index, so that it can be adjusted again.
            let index = json!({"name": "Kommunal deflator", "baseMonth": "2026-01", "share": "1"});
            let amount = format!("{}.00", 850 + facts.step);
            sends(json!({"lines": [{
                "unit": "hour", "amount": {"amount": amount, "currency": "NOK"}, "vat": "exempt",
                "validFrom": facts.day(later), "index": index,
            }]}))
        }
        "offeringAdjustCompensation" => {
            let lines = items(&view["content"]["compensation"]["lines"]);
            let running = lines.filter(|line| line.get("validTo").is_none());
            let base = running.filter_map(|line| line["index"]["baseMonth"].as_str()).next_back();
            let base = base.unwrap_or("2026-01");
            // Months go up with the steps, so that each adjustment is later than the last.
            let month = format!("{}-{:02}", 2027 + facts.step / 12, 1 + facts.step % 12);
            let figure = format!("{}", 125 + facts.step % 7);
            let figures: BTreeMap<_, _> =
                [(base.to_owned(), "118".to_owned()), (month.clone(), figure)].into();
            sends(json!({
                "index": "Kommunal deflator", "month": month, "from": facts.day(later),
                "figures": figures,
            }))
        }
        other => panic!("no body for {other}"),
    }
}

/// The first of what is open to a ruling, but for oneself.
fn impartiality(operation: &str, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    let part = if view["case"].is_object() { &view["case"] } else { &view["impartiality"] };
    if operation.contains("Challenge") {
        let name = dice.pick(&["Kari", "Knut", "Dag"]);
        return sends(json!({"subject": name, "reason": "Hun er søster av en konkurrent."}));
    }
    if operation.contains("Declare") {
        return sends(match dice.below(12) {
            0 => json!({"impartial": false, "ground": "kin"}),
            1 => json!({"leftTo": "superior", "note": "Gammel venn av eieren."}),
            _ => json!({"impartial": true}),
        });
    }
    let of_another = |it: &&Value, subject: &Value| it["settled"] != true && *subject != facts.name;
    let mut challenged = items(&part["challenges"]).filter(|it| of_another(it, &it["subject"]));
    let left = items(&part["declarations"]).filter(|it| it.get("leftTo").is_some());
    let mut left = left.filter(|it| of_another(it, &it["by"]["subject"]));
    let subject = challenged.next().map(|it| it["subject"].clone());
    let subject = subject.or_else(|| left.next().map(|it| it["by"]["subject"].clone()));
    // A person who is challenged too records the finding of a superior outside.
    let mut body = json!({"subject": subject.unwrap_or(json!("Knut")), "impartial": true});
    body["superior"] = json!("Kommunedirektøren");
    sends(body)
}

fn on_application(
    operation: &str,
    act: &str,
    view: &Value,
    facts: &Facts,
    dice: &mut Dice,
) -> Body {
    let missing_criterion = (view["state"] == "awaiting-completion")
        .then(|| items(&view["case"]["completions"]).next_back())
        .flatten()
        .and_then(|last| last["missing"][0]["criterion"].as_str());
    match operation {
        "applicationPatch" => sends(json!({
            "contact": {"name": format!("Ola {}", facts.step), "email": "ola@example.no"},
            "zones": ["whole"],
        })),
        "applicationAnswer" => {
            let unanswered = CRITERIA.into_iter().find(|it| view["answers"].get(it).is_none());
            let criterion = missing_criterion.or(unanswered).unwrap_or(CRITERIA[0]);
            let text = format!("Se vedlegg {}.", facts.step);
            at("criterion", criterion, json!({"declaredMet": true, "text": text}))
        }
        "applicationAttach" => {
            let there = |criterion: &str| {
                items(&view["evidence"]).any(|piece| piece["criterion"] == criterion)
            };
            let next = EVIDENCE.into_iter().find(|(criterion, _)| !there(criterion));
            let (criterion, kind) = next.unwrap_or(EVIDENCE[0]);
            sends(evidence(missing_criterion.unwrap_or(criterion), kind))
        }
        "applicationChangeVersion" => sends(json!({"version": facts.version})),
        "applicationAssess" => {
            let line = CRITERIA.into_iter().find(|it| view["case"]["lines"].get(it).is_none());
            let criterion = line.unwrap_or(CRITERIA[2]);
            let fails = criterion == CRITERIA[2] && dice.one_in(3);
            let outcome = if fails { "not-met" } else { "met" };
            at("criterion", criterion, json!({"outcome": outcome, "note": "Vedlegget er sett."}))
        }
        "applicationSendPreliminaryAnswer" => {
            sends(json!({"expectedBy": facts.day(30), "text": "Vi har mange søknader."}))
        }
        "applicationDisclose" => sends(json!({
            "grounds": [{"ground": "criteria-not-met", "facts": "Omtale i avisa."}],
            "source": "Lokalavisa", "deadline": facts.day(7),
        })),
        "applicationComment" => sends(json!({"text": "Det stemmer ikke."})),
        "applicationRequestCompletion" => sends(json!({
            "missing": [{"criterion": dice.pick(&CRITERIA), "note": "For gammel."}],
            "deadline": facts.day(7),
        })),
        "applicationDecide" => sends(decision(act, view, dice)),
        other => panic!("no body for {other}"),
    }
}

fn decision(act: &str, view: &Value, dice: &mut Dice) -> Value {
    let channel = dice.pick(&["electronic", "paper"]);
    if act == "dismiss" {
        let ground = "no-legal-capacity";
        return json!({
            "outcome": "dismiss", "formalGround": ground, "reasons": reasons(), "channel": channel
        });
    }
    let mut mandatory = CRITERIA.into_iter().take(3);
    if mandatory.any(|it| view["case"]["lines"][it]["outcome"] == "not-met") {
        return json!({
            "outcome": "refuse", "reasons": reasons(), "channel": channel,
            "grounds": [{"ground": "criteria-not-met", "facts": "Beredskapsplan mangler."}],
        });
    }
    let mut approval = json!({"outcome": "approve", "channel": channel});
    // A concession, the offering with rounds, demands reasons.
    if view["case"]["receipt"].get("round").is_some() || dice.one_in(2) {
        approval["reasons"] = reasons();
    }
    approval
}

fn on_decision(operation: &str, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    match operation {
        "decisionGiveReasons" => sends(reasons()),
        "decisionClaimCosts" => sends(json!({
            "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer.",
        })),
        "decisionDecideCosts" => sends(json!({"reasons": reasons()})),
        "decisionRecordArrival" => sends(json!({"arrivedOn": facts.day(0)})),
        "decisionProlong" => {
            let last = view["lastAppealDay"].as_str().and_then(|day| day.parse().ok());
            let from: NaiveDate = last.unwrap_or(facts.today).max(facts.today);
            let to = from.checked_add_days(Days::new(7)).unwrap().to_string();
            sends(json!({"to": to, "why": "Parten får dokumentene sent."}))
        }
        "decisionCorrect" => {
            let pointer = "/reasons/facts";
            let corrected = items(&view["corrected"]).find(|it| it["pointer"] == pointer);
            let given = &view["course"]["reasonsDemand"]["given"]["reasons"]["facts"];
            let texts = [corrected.map(|it| &it["text"]), Some(&view["reasons"]["facts"])];
            let mut texts = texts.into_iter().flatten().chain([given]);
            let before = texts.find_map(Value::as_str).unwrap_or("Ingenting.").to_owned();
            let after = format!("{before} Rettet.");
            sends(json!({"pointer": pointer, "before": before, "after": after, "why": "Feil."}))
        }
        "decisionDefer" => {
            let granted = view["outcome"] == "revoke" && dice.one_in(2);
            sends(json!({"granted": granted, "reasons": reasons()}))
        }
        "decisionReverse" => sends(json!({"ground": "no-harm", "reasons": reasons()})),
        other => panic!("no body for {other}"),
    }
}

fn on_appeal(operation: &str, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    match operation {
        "appealCreate" if facts.is_provider => sends(json!({
            "text": "Planen lå ved.", "wantedChange": "Søknaden innvilges.", "signedBy": "Ola",
            "deferralWanted": dice.one_in(2),
        })),
        "appealCreate" => {
            let decided = view["signedAt"].as_str().map_or(String::new(), |at| at[..10].to_owned());
            let mut body = json!({
                "text": "Jeg er konkurrent.", "appellant": "other", "name": "Konkurrent AS",
                "legalInterest": "Konkurrerer om de samme brukerne.", "knewOn": decided,
                "wantedChange": "Vedtaket oppheves.",
            });
            if dice.one_in(2) {
                body["signedBy"] = json!("Kim");
            }
            sends(body)
        }
        "appealAskToMend" => sends(json!({"deadline": facts.day(3)})),
        "appealMend" => sends(json!({"wantedChange": "Det oppheves.", "signedBy": "Kim"})),
        "appealAdmit" if view["inTime"] == false => sends(json!({
            "lateGround": "special-reasons", "reasons": "Saken er viktig."
        })),
        "appealAdmit" => sends(json!({})),
        "appealHearCounterparty" => sends(json!({"deadline": facts.day(7)})),
        "appealState" => sends(json!({"text": "Vi oppfyller kravene.", "final": !dice.one_in(4)})),
        "appealReview" => sends(json!({"findings": "Planen er gjennomgått på nytt."})),
        "appealForward" => sends(json!({"statement": "Vi fastholder vedtaket."})),
        "appealDismiss" => {
            let other = view["appellant"]["kind"] == "other";
            let ground = if other { "no-legal-interest" } else { "late" };
            sends(json!({"ground": ground, "reasons": reasons()}))
        }
        "appealDecide" => sends(outcome(view, facts, dice)),
        "appealClaimCosts" => sends(json!({
            "amount": {"amount": "18500.00", "currency": "NOK"}, "whatFor": "Advokat, ti timer.",
        })),
        "appealDecideCosts" => sends(json!({"reasons": reasons()})),
        other => panic!("no body for {other}"),
    }
}

/// In favour where the lower body can, else upheld or, by the lower body, dismissed.
fn outcome(view: &Value, facts: &Facts, dice: &mut Dice) -> Value {
    let first = facts.against["outcome"].as_str().unwrap_or_default();
    let stands = facts.against["course"].get("end").is_none();
    let takes = stands && first == "approve" && view["appellant"]["kind"] == "other";
    let winding_down = json!({"until": facts.day(400), "takenOverBy": "Kommunen"});
    if view["state"] == "forwarded" {
        let mut outcome = json!({
            "ruling": "upheld", "appealBody": "Klageutvalget", "decidedOn": facts.day(0),
            "reasons": reasons(),
        });
        if takes && dice.one_in(2) {
            outcome["ruling"] = json!("changed");
            outcome["windingDown"] = winding_down;
        }
        return outcome;
    }
    if takes {
        return json!({
            "ruling": "changed-in-favour", "reasons": reasons(), "windingDown": winding_down,
        });
    }
    let findings: Vec<_> = CRITERIA
        .iter()
        .map(|it| json!({"criterion": it, "outcome": "met", "note": "Lå ved."}))
        .collect();
    let channel = dice.pick(&["electronic", "paper"]);
    match (stands, first) {
        (true, "refuse" | "dismiss") => json!({
            "ruling": "changed-in-favour", "reasons": reasons(), "findings": findings,
            "channel": channel,
        }),
        (true, "approve" | "revoke" | "appeal" | "costs") => {
            json!({"ruling": "changed-in-favour", "reasons": reasons()})
        }
        _ => json!({"ruling": "dismissed", "reasons": reasons()}),
    }
}

fn exception() -> Value {
    json!({"kind": "not-possible", "reasons": "Foretaket svarer ikke."})
}

fn on_approval(operation: &str, view: &Value, facts: &Facts, dice: &mut Dice) -> Body {
    let winding_down = json!({"until": facts.day(400), "takenOverBy": "Kommunen"});
    let deviations = || items(&view["report"]["deviations"]).zip(1..);
    match operation {
        "approvalRecordContract" => {
            let from = facts.day(if dice.one_in(2) { 0 } else { 25 });
            sends(json!({"number": "2026/118", "signedOn": facts.day(0), "from": from}))
        }
        "approvalAnnulContract" => sends(json!({"reason": "Ført på feil godkjenning."})),
        "approvalRevoke" => {
            let mut body = json!({
                "grounds": [{"ground": "terms-breach", "facts": "Tre avvik."}],
                "reasons": reasons(), "windingDown": winding_down,
            });
            if view["revocationProposal"].is_object() {
                body["exception"] = exception();
            } else if facts.heard.is_string() {
                body["priorNoticeId"] = facts.heard.clone();
            }
            sends(body)
        }
        "approvalProposeRevocation" => sends(json!({
            "exception": exception(), "grounds": [{"ground": "terms-breach", "facts": "Tre avvik."}],
        })),
        "approvalTerminate" if facts.is_provider => sends(json!({})),
        "approvalTerminate" => {
            sends(json!({"reason": "Ordningen endres.", "windingDown": winding_down}))
        }
        "priorNoticeSend" => {
            let mut body = warning("terms-breach");
            body["replyBy"] = json!(facts.day(21));
            sends(body)
        }
        "priorNoticeReply" => sends(json!({"text": "Avvikene er rettet.", "final": true})),
        "priorNoticeClose" => sends(json!({"reason": "Avvikene er rettet i tide."})),
        "followUpPlan" => {
            let kind = dice.pick(&["yearly-review", "inspection"]);
            sends(json!({"kind": kind, "plannedOn": facts.day(3)}))
        }
        "followUpReport" => {
            let found = json!({"facts": "Plan mangler.", "breaks": "K4", "deadline": facts.day(4)});
            let found = if dice.one_in(4) { json!([]) } else { json!([found]) };
            sends(json!({"on": facts.day(0), "findings": "Lister stemmer.", "deviations": found}))
        }
        "followUpCorrect" => {
            let settled = |it: &Value| match items(&it["corrections"]).next_back() {
                None => false,
                Some(last) => last["assessment"]["accepted"] != false,
            };
            let open = deviations().find(|(it, _)| !settled(it)).map_or(1, |(_, number)| number);
            at("number", open, json!({"text": "Planen er laget."}))
        }
        "followUpAssess" => {
            let waits = |it: &Value| {
                let last = items(&it["corrections"]).next_back();
                last.is_some_and(|last| last.get("assessment").is_none())
            };
            let waiting = deviations().find(|(it, _)| waits(it)).map_or(1, |(_, number)| number);
            at("number", waiting, json!({"accepted": dice.one_in(2), "note": "Planen er sett."}))
        }
        "followUpClose" => sends(json!({"conclusion": "Alt i orden."})),
        "approvalListingPatch" => {
            sends(json!({"capacity": dice.pick(&["open", "limited", "full"])}))
        }
        other => panic!("no body for {other}"),
    }
}
