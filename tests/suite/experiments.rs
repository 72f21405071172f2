//! Results that are missing: run in the background, shown, kept.

use std::fs;
use std::path::Path;

use crate::server::Server;

const ARTICLE: &str = "/hot-topics/radam/";

/// The article with one experiment that nobody has pinned, short enough for a test.
fn shorten(content: &Path) {
    write(content, "digits-mlp");
}

fn write(content: &Path, task: &str) {
    let block = format!(
        "experiment: train\ntask: {task}\noptimizers: [adam, radam]\nlearning_rates: [0.1, 0.01]\nepochs: 2\nseeds: 2\nfigures: [sensitivity]\n"
    );
    let text = format!("---\ntitle: RAdam\ndate: 2019-09-24\n---\n\n```lab\n{block}```\n");
    fs::write(content.join("hot-topics/radam.md"), text).unwrap();
}

#[test]
fn a_missing_result_is_run_in_the_background_and_then_shown() {
    let server = Server::start_with(&[], shorten);
    server.wait_for(ARTICLE, "Test error after 2 epochs, by learning rate");
    let page = server.get(ARTICLE).body;
    assert!(page.contains("in batches of 32 for 2 epochs") && !page.contains("class=\"figure pending\""));
    assert!(!page.contains("pending.js"), "nothing is left to wait for");
    let kept = fs::read_dir(server.cache().join("results")).unwrap().count();
    assert_eq!(kept, 1, "one result in the cache");
}

#[test]
fn where_nothing_is_run_the_page_says_what_would_be() {
    let server = Server::start_with(&["--no-experiments"], shorten);
    let page = server.get(ARTICLE).body;
    assert!(page.contains("Not run yet") && page.contains("digits-mlp"), "{page}");
    assert!(!page.contains("pending.js"), "nothing will come");
}

#[test]
fn an_article_whose_data_are_missing_says_so_and_the_site_is_up() {
    let server = Server::start_with(&[], |content| write(content, "mnist-mlp"));
    let page = server.get(ARTICLE).body;
    assert!(page.contains("Cannot be run: the data set `mnist` is not here: put `train-images-idx3-ubyte`"), "{page}");
    assert!(!page.contains("pending.js"), "nothing will come");
}

#[test]
fn what_is_pinned_while_the_server_runs_is_shown_until_it_is_taken_away() {
    let aside = |content: &Path| content.with_file_name("aside");
    let server = Server::start_with(&["--no-experiments"], |content| {
        fs::rename(content.join("results"), aside(content)).unwrap()
    });
    let results = server.content.join("results");
    assert!(server.get(ARTICLE).body.contains("Not run yet"));
    fs::rename(aside(&server.content), &results).unwrap();
    server.wait_for(ARTICLE, "Downloads");
    assert!(!server.get(ARTICLE).body.contains("Not run yet"));
    // It stays when something else is edited.
    let about = server.content.join("pages/about.md");
    fs::write(&about, format!("{}\nA new line.\n", fs::read_to_string(&about).unwrap())).unwrap();
    server.wait_for("/about/", "A new line.");
    assert!(!server.get(ARTICLE).body.contains("Not run yet"));
    fs::read_dir(&results).unwrap().for_each(|file| fs::remove_file(file.unwrap().path()).unwrap());
    server.wait_for(ARTICLE, "Not run yet");
}
