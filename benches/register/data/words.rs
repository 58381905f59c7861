//! Names and texts of synthetic providers. None of it is true.

use super::Dice;
use godkjent::domain::{
    compensation::rate::Unit,
    values::{numbers::Language, text::LocalPresentation},
};

const FIRST: [&str; 40] = [
    "Åsgård",
    "Blåbær",
    "Østlys",
    "Ærlig",
    "Solgløtt",
    "Bjørkely",
    "Sæterlia",
    "Fjordglimt",
    "Nøkken",
    "Håndverk",
    "Lønnetun",
    "Trøst",
    "Ånne",
    "Čáhci",
    "Áiru",
    "Giellá",
    "Étoile",
    "Müllerhaug",
    "Łódź",
    "Señor",
    "Façade",
    "Kvæfjord",
    "Åpen Dør",
    "Nærhet",
    "Rødstrupe",
    "Ørnefjell",
    "Vårsol",
    "Ljøsheim",
    "Bøkeskog",
    "Tindved",
    "Havørn",
    "Kløver",
    "Måltrost",
    "Furuly",
    "Granvang",
    "Nordlys",
    "Midnattssol",
    "Tiriltunge",
    "Heimkjær",
    "Ungdomshjelpa",
];
const SECOND: [&str; 12] = [
    "Omsorg",
    "Assistanse",
    "Hjemmehjelp",
    "Heimeteneste",
    "Pleie og omsorg",
    "Trygghet",
    "Hjemmesykepleie",
    "Brukervalg",
    "Medvandrere",
    "Hverdagshjelp",
    "Støttekontakt",
    "Habilitering",
];
const FORMS: [&str; 6] = ["AS", "AS", "AS", "SA", "Stiftelse", "Samvirke"];

/// Sentences in bokmål, nynorsk and English, side by side.
const SAYS: [[&str; 3]; 12] = [
    [
        "Vi har faste ansatte som kommer til avtalt tid, og du får alltid vite hvem som kommer.",
        "Vi har faste tilsette som kjem til avtalt tid, og du får alltid vite kven som kjem.",
        "Our permanent staff come at the agreed time, and you always know who is coming.",
    ],
    [
        "Alle hos oss har fagbrev eller høyere utdanning, og nyansatte går opplæring i tre uker.",
        "Alle hos oss har fagbrev eller høgare utdanning, og nytilsette får opplæring i tre veker.",
        "All of us hold a trade certificate or a degree, and newcomers are trained for three weeks.",
    ],
    [
        "Kontoret er åpent hver dag fra klokken åtte til fire, og bakvakten svarer hele døgnet.",
        "Kontoret er ope kvar dag frå klokka åtte til fire, og bakvakta svarer heile døgnet.",
        "The office is open from eight to four every day, and somebody on call answers at all hours.",
    ],
    [
        "Du velger selv hva timene skal brukes til innenfor vedtaket ditt.",
        "Du vel sjølv kva timane skal brukast til innanfor vedtaket ditt.",
        "Within your decision you choose what the hours are used for.",
    ],
    [
        "Vi lager en plan sammen med deg den første uken, og ser på den igjen hvert halvår.",
        "Vi lagar ein plan saman med deg den første veka, og ser på han igjen kvart halvår.",
        "We make a plan with you in the first week and look at it again every half year.",
    ],
    [
        "Vi samarbeider med fastlegen, fysioterapeuten og pårørende når du ønsker det.",
        "Vi samarbeider med fastlegen, fysioterapeuten og pårørande når du ønskjer det.",
        "We work with your doctor, your physiotherapist and your family when you want that.",
    ],
    [
        "Mange av oss snakker flere språk, og vi bruker tolk når det trengs.",
        "Mange av oss snakkar fleire språk, og vi bruker tolk når det trengst.",
        "Many of us speak several languages, and we use interpreters where they are needed.",
    ],
    [
        "Vi har lang erfaring med demens, hørselstap og synshemning.",
        "Vi har lang røynsle med demens, høyrselstap og synshemming.",
        "We have long experience of dementia, loss of hearing and impaired sight.",
    ],
    [
        "Overskuddet går tilbake til tjenesten; ingen eier tar ut utbytte.",
        "Overskotet går attende til tenesta; ingen eigar tek ut utbyte.",
        "Any surplus goes back to the service; no owner takes out a dividend.",
    ],
    [
        "Vi er små og lokale, og de fleste av oss bor i kommunen.",
        "Vi er små og lokale, og dei fleste av oss bur i kommunen.",
        "We are small and local, and most of us live in the municipality.",
    ],
    [
        "Brukerne våre svarer på en undersøkelse to ganger i året, og svarene ligger på nettsiden.",
        "Brukarane våre svarer på ei undersøking to gonger i året, og svara ligg på nettsida.",
        "Our users answer a survey twice a year, and the answers are on our web page.",
    ],
    [
        "Vi kjører elbil der det går, og sykler i sentrum.",
        "Vi køyrer elbil der det går, og syklar i sentrum.",
        "We drive electric cars where we can, and cycle in the centre.",
    ],
];

/// Add-on services, none of them part of the municipal service.
pub(super) const ADD_ONS: [(&str, Unit); 6] = [
    ("Vinduspuss", Unit::Hour),
    ("Hagearbeid", Unit::Hour),
    ("Snømåking", Unit::Visit),
    ("Følge til kafé eller kino", Unit::Hour),
    ("Storrengjøring før høytid", Unit::Visit),
    ("Lufting av hund", Unit::Visit),
];

/// Languages that are spoken beside Norwegian, the commonest first.
const LANGUAGES: [&str; 12] =
    ["en", "nn", "pl", "ar", "so", "uk", "de", "es", "ti", "fa", "lt", "se"];
/// A language that about one provider in a thousand speaks: a search for it finds few among many.
pub const RARE_LANGUAGE: &str = "sma";

/// A name marked as synthetic.
pub(super) fn name(dice: &mut Dice, number: usize) -> String {
    let (first, second, form) = (dice.pick(&FIRST), dice.pick(&SECOND), dice.pick(&FORMS));
    format!("{first} {second} {} {form} (demo)", number + 1)
}

/// Languages spoken: bokmål, up to four others, and the rare one where it is so.
pub(super) fn languages(dice: &mut Dice, rare: bool) -> Vec<Language> {
    let mut spoken = vec!["nb"];
    for _ in 0..dice.below(5) {
        // The smaller of two throws: the first of the list are more frequent.
        let at = dice.below(LANGUAGES.len()).min(dice.below(LANGUAGES.len()));
        let language = LANGUAGES.get(at).copied().unwrap_or("en");
        if !spoken.contains(&language) {
            spoken.push(language);
        }
    }
    spoken.extend(rare.then_some(RARE_LANGUAGE));
    spoken.into_iter().filter_map(|it| Language::parse(it).ok()).collect()
}

/// So many sentences in bokmål, in nynorsk mostly, in English often.
pub(super) fn text(dice: &mut Dice, sentences: usize) -> LocalPresentation {
    let first = dice.below(SAYS.len());
    let chosen: Vec<_> = SAYS.iter().cycle().skip(first).take(sentences).collect();
    let joined = |language: usize| {
        let parts: Vec<_> = chosen.iter().filter_map(|says| says.get(language).copied()).collect();
        parts.join(" ")
    };
    let nynorsk = if dice.one_in(3) { String::new() } else { joined(1) };
    let english = if dice.one_in(2) { joined(2) } else { String::new() };
    LocalPresentation::of_registry(&joined(0), &nynorsk, &english)
}
