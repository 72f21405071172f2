//! `vdlm` turns a folder of YAML and Markdown into the website of a meetup.
//!
//! Data flows one way, and each module uses only modules before it (`tests/suite/direction.rs` checks that):
//!
//! ```text
//! files ─▶ content ─▶ archive ─▶ views ─▶ context ─▶ prose ─▶ formats ─▶ pages ─▶ site ─▶ export | server
//!                                            ▲         ▲
//!                               optim ─▶ lab ┴─▶ chart ┘
//! ```
//!
//! [`diagnostics`], [`html`], [`yaml`], [`compress`] and [`derived`] are vocabulary: every module may use them.

pub mod archive;
pub mod chart;
pub mod compress;
pub mod content;
mod context;
pub mod derived;
pub mod diagnostics;
pub mod export;
mod formats;
pub mod html;
pub mod lab;
pub mod markdown;
pub mod optim;
mod pages;
pub mod preview;
mod prose;
pub mod search;
pub mod server;
pub mod site;
pub mod views;
pub mod workspace;
pub mod yaml;
