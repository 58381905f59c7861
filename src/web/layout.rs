//! The frame of every page: head, header, navigation and footer.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{
    about::{ACCESSIBILITY, PRIVACY},
    address::localized,
    request::PageContext,
    sentences as s, style,
    words::Words,
};
use crate::words::Locale;

/// A tick in a circle, as an address, for the tab of a browser.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Ccircle \
    cx='12' cy='12' r='11' fill='%230b5566'/%3E%3Cpath d='M6.8 12.4l3.5 3.5 7-7.6' fill='none' stroke='%23fff' \
    stroke-width='2.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/// The same in the header; it has no text, since the name stands beside it.
const MARK: PreEscaped<&str> = PreEscaped(
    "<svg viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><circle cx=\"12\" cy=\"12\" r=\"11\"/>\
     <path d=\"M6.8 12.4l3.5 3.5 7-7.6\"/></svg>",
);

/// The name of the site.
const NAME: &str = "Godkjent";

/// A page within the frame.
#[derive(Debug)]
pub(super) struct WebPage {
    /// Its path without the language.
    pub(super) path: String,
    pub(super) title: String,
    /// What a search engine shows below the title; none for pages that are not for search engines.
    pub(super) description: Option<String>,
    /// The pages above it: name, and path without the language.
    pub(super) crumbs: Vec<(String, String)>,
    /// Its name in the trail of pages.
    pub(super) here: String,
    pub(super) main: Markup,
}

impl WebPage {
    /// The bytes of the page.
    pub(super) fn render(&self, cx: &PageContext<'_>) -> String {
        let words = cx.words;
        let document = html! {
            (DOCTYPE)
            html lang=(words.0.as_str()) {
                head { (self.head(cx)) }
                body {
                    a .skip href="#main" { (words.say(s::SKIP)) }
                    (self.header(words))
                    @if !self.crumbs.is_empty() { (self.trail(words)) }
                    main #main .wrap { (self.main) }
                    (footer(words))
                }
            }
        };
        document.into_string()
    }

    /// The bytes of the page for a frame on another site: without header and footer, and its links open outside the frame.
    pub(super) fn render_embedded(&self, cx: &PageContext<'_>) -> String {
        let document = html! {
            (DOCTYPE)
            html lang=(cx.words.0.as_str()) {
                head { (self.head(cx)) base target="_top"; }
                body .embedded { main #main { (self.main) } }
            }
        };
        document.into_string()
    }

    fn head(&self, cx: &PageContext<'_>) -> Markup {
        let locale = cx.words.0;
        let url = |locale| format!("{}{}", cx.public_url, localized(locale, &self.path));
        let title = if self.path == "/" {
            format!("{NAME} – {}", self.title)
        } else {
            format!("{} – {NAME}", self.title)
        };
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) }
            @match &self.description {
                None => meta name="robots" content="noindex";,
                Some(description) => {
                    meta name="description" content=(description);
                    link rel="canonical" href=(url(locale));
                    @for other in Locale::ALL {
                        link rel="alternate" hreflang=(other.as_str()) href=(url(other));
                    }
                    link rel="alternate" hreflang="x-default" href=(url(Locale::Nb));
                    meta property="og:site_name" content=(NAME);
                    meta property="og:type" content="website";
                    meta property="og:title" content=(self.title);
                    meta property="og:description" content=(description);
                    meta property="og:url" content=(url(locale));
                    meta property="og:locale" content=(open_graph(locale));
                },
            }
            meta name="color-scheme" content="light dark";
            link rel="icon" href=(ICON);
            link rel="stylesheet" href=(style::path());
        }
    }

    fn header(&self, words: Words) -> Markup {
        let link = |path: &str| localized(words.0, path);
        html! {
            header .site {
                div .wrap {
                    a .brand href=(link("/")) { (MARK) (NAME) }
                    (self.languages(words))
                    nav .menu aria-label=(words.say(s::MAIN_MENU)) {
                        ul {
                            li {
                                a href=(link("/")) aria-current=[(self.path == "/").then_some("page")] {
                                    (words.say(s::FIND_MUNICIPALITY))
                                }
                            }
                            li { a href="/docs/guide" { (words.say(s::GUIDE)) } }
                        }
                    }
                }
            }
        }
    }

    fn languages(&self, words: Words) -> Markup {
        html! {
            nav .languages aria-label=(words.say(s::LANGUAGES)) {
                ul {
                    @for other in Locale::ALL.into_iter().filter(|it| *it != words.0) {
                        li {
                            a href=(localized(other, &self.path)) lang=(other.as_str()) hreflang=(other.as_str()) {
                                (Words(other).say(s::OWN_NAME))
                            }
                        }
                    }
                }
            }
        }
    }

    fn trail(&self, words: Words) -> Markup {
        html! {
            nav .trail.wrap aria-label=(words.say(s::YOU_ARE_HERE)) {
                ol {
                    @for (name, path) in &self.crumbs {
                        li { a href=(localized(words.0, path)) { (name) } }
                    }
                    li aria-current="page" { (self.here) }
                }
            }
        }
    }
}

fn footer(words: Words) -> Markup {
    html! {
        footer .site {
            div .wrap {
                p { (words.say(s::FOOTER_ABOUT)) }
                nav aria-label=(words.say(s::ABOUT_LINKS)) {
                    ul {
                        li { a href="/docs/guide" { (words.say(s::GUIDE)) } }
                        li { a href="/docs/" { (words.say(s::DOOR_DEVELOPER)) } }
                        li { a href=(localized(words.0, ACCESSIBILITY)) { (words.say(s::ACCESSIBILITY)) } }
                        li { a href=(localized(words.0, PRIVACY)) { (words.say(s::PRIVACY)) } }
                        li { a href="/docs/guide/portals" { (words.say(s::OPEN_DATA)) } }
                    }
                }
            }
        }
    }
}

/// The locale as Open Graph writes it.
const fn open_graph(locale: Locale) -> &'static str {
    match locale {
        Locale::Nb => "nb_NO",
        Locale::Nn => "nn_NO",
        Locale::En => "en_GB",
    }
}
