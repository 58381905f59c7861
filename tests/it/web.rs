//! Pages for citizens: addresses, languages, content, and the same providers as in the API.

mod frame;
mod golden;
mod hostile;
mod same_as_api;

use crate::world::{Answer, Person};

/// The page of personal assistance in Kristiansand, in bokmål.
const SERVICE_PAGE: &str = "/velg/4204-kristiansand/brukerstyrt-personlig-assistanse";

/// The prefixes of the three languages.
const PREFIXES: [&str; 3] = ["", "/nn", "/en"];

/// Reads a page as a browser does.
async fn browse(who: &Person, path: &str) -> Answer {
    let request = who.request(actix_web::http::Method::GET, path);
    request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").send().await
}

/// What is between two marks, the first time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("no {end}")).0
}

/// The text of a piece of HTML.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&amp;", "&").trim().to_owned()
}

/// The names on the cards of a page, in order.
fn names(page: &str) -> Vec<String> {
    let cards = page.split("<li class=\"card\">").skip(1);
    cards.map(|card| text_of(between(card, "<h3>", "</h3>"))).collect()
}
