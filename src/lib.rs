//! Godkjent: the open registry for *godkjenningsmodellen*, the Norwegian approval model for free
//! user choice in municipal health and care services.
//!
//! | module | what it is |
//! |---|---|
//! | [`domain`] | the law as types; pure |
//! | [`catalogue`] | municipalities, services, criteria, grounds, from `data/` |
//! | [`letters`] | what parties are told in writing, in bokmål and nynorsk |
//! | [`json`] | the JSON forms of domain values |
//! | [`store`] | the database: one read gate, one write gate, one journal |
//! | [`vault`] | the bytes of files that providers have given |
//! | [`register`] | the public view in memory |
//! | [`commands`] | use cases: one declaration a command |
//! | [`words`] | words for people, in bokmål, nynorsk and English |
//! | [`api`] | HTTP: one list of routes gives server and document |
//! | [`jobs`] | what happens without a request |
//! | [`context`], [`config`] | the only doors to clock, ids and environment |
//! | [`network`] | addresses, and who really asks behind proxies |
//! | [`private_file`] | files that their owner alone may read |
//! | [`app`] | from configuration to a running server and an orderly stop |
//! | [`demo`] | real arrangements with made-up providers |

pub mod api;
pub mod app;
pub mod catalogue;
pub mod commands;
pub mod config;
pub mod context;
pub mod demo;
pub mod domain;
pub mod jobs;
pub mod json;
pub mod letters;
pub mod network;
pub mod private_file;
pub mod register;
pub mod store;
pub mod vault;
pub mod words;
