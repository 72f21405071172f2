//! `vdlm` turns a folder of YAML and Markdown into the website of a meetup.
//!
//! Data flows one way, and each room below knows only the rooms before it (`tests/suite/rooms.rs` keeps that):
//!
//! ```text
//! files ─▶ content ─▶ archive ─▶ pages ─▶ export | server
//!                       ▲          ▲ ▲
//! optim ─▶ lab ─────────┘          │ │
//!          lab ─▶ chart ───────────┘ │
//!       markdown, search, card ──────┘
//! ```
//!
//! [`problem`], [`html`], [`yaml`] and [`compress`] are vocabulary: every room may use them, they use no room.

pub mod archive;
pub mod card;
pub mod chart;
pub mod compress;
pub mod content;
pub mod export;
pub mod html;
pub mod lab;
pub mod markdown;
pub mod optim;
pub mod pages;
pub mod problem;
pub mod search;
pub mod server;
pub mod workspace;
pub mod yaml;
