//! Godkjent: the open registry for *godkjenningsmodellen*, the Norwegian approval model for free
//! user choice in municipal health and care services.
//!
//! | module | content |
//! |---|---|
//! | [`domain`] | the law as types; pure |
//! | [`catalogue`] | municipalities, services, criteria, grounds, from `data/` |
//! | [`letters`] | letters to the parties, in bokmål and nynorsk |
//! | [`json`] | the JSON forms of domain values |
//! | [`store`] | the database: one read pool, one write pool, one journal |
//! | [`vault`] | the bytes of files of evidence |
//! | [`mail`] | notices by e-mail, over SMTP or into a folder |
//! | [`register`] | the public view in memory |
//! | [`commands`] | use cases: one declaration a command |
//! | [`words`] | texts for people, in bokmål, nynorsk and English |
//! | [`api`] | HTTP: one list of routes gives the server and its OpenAPI document |
//! | [`web`] | pages for citizens, in three languages |
//! | [`jobs`] | work without a request |
//! | [`context`], [`config`] | the only access to clock, ids and environment |
//! | [`network`] | IP addresses, and the client address behind proxies |
//! | [`private_file`] | files with owner-only permissions |
//! | [`app`] | from configuration to a running server and a graceful shutdown |
//! | [`demo`] | real arrangements with synthetic providers |

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
pub mod mail;
pub mod network;
pub mod private_file;
pub mod register;
pub mod store;
pub mod vault;
pub mod web;
pub mod words;
