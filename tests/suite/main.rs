//! Tests of the program as its users meet it: the built binary, the real content, HTTP.

mod archive;
mod commands;
mod crawl;
mod direction;
mod editing;
mod experiments;
mod export;
mod http;
mod lab;
mod lab_runs;
mod limits;
mod machines;
mod schema;
mod search;
mod server;
mod serving;
mod settings;
mod sweep;
mod synthetic;
mod time;
mod trace;
