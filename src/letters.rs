//! Letters to the parties, in bokmål or nynorsk, built from domain values only.
//!
//! A [`Letter`] is a small document without format: headings, paragraphs and lists. [`html`] and [`plain`]
//! render it. Each kind has its texts in one place, in both written forms, and no text has a section number: a
//! text names its themes, and the regime gives the sections.

pub mod appeal;
pub mod closed_notice;
pub mod completion;
pub mod decision;
pub mod disclosure;
pub mod evidence;
pub mod html;
mod language;
mod letter;
mod outcome;
pub mod plain;
pub mod preliminary;
pub mod prior_notice;
pub mod receipt;
mod rights;

pub use self::{
    letter::{Block, Letter, Parties, Section},
    rights::appeal_text,
};

use self::letter::{lines, one_line};
