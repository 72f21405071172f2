//! The JSON Schemas of content files: the shipped content keeps to them, and mistakes do not.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use vdlm::archive::Archive;
use vdlm::content::Folder;
use vdlm::site;
use vdlm::workspace::Workspace;

fn schema(kind: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_vdlm")).args(["schema", kind]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Reads the YAML of a file, or of its front matter.
fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    let yaml = if path.extension().is_some_and(|extension| extension == "md") {
        text.split("---\n").nth(1).unwrap().to_owned()
    } else {
        text
    };
    serde_saphyr::from_str(&yaml).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_shipped_content_keeps_to_its_schemas() {
    let content = Path::new("content");
    let mut files = 0;
    for (kind, place) in [
        ("site", "site.yaml"),
        ("topics", "topics.yaml"),
        ("people", "people.yaml"),
        ("venues", "venues.yaml"),
        ("meetups", "meetups"),
        ("hot-topics", "hot-topics"),
        ("jobs", "jobs"),
        ("events", "events"),
        ("pages", "pages"),
    ] {
        let validator = jsonschema::validator_for(&schema(kind)).unwrap();
        let place = content.join(place);
        let paths = if place.is_dir() {
            let is_content =
                |path: &std::path::PathBuf| path.extension().is_some_and(|ending| ending == "yaml" || ending == "md");
            fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()).filter(is_content).collect()
        } else {
            vec![place]
        };
        for path in paths {
            let value = yaml(&path);
            let errors: Vec<String> =
                validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            files += 1;
        }
    }
    let archive: Archive = Workspace::new(Folder::new(content)).refresh(site::lint).unwrap().archive.unwrap();
    let lists = ["site", "topics", "people", "venues"].len();
    let entries = archive.events.len()
        + archive.articles.len()
        + archive.jobs.len()
        + archive.announcements.len()
        + archive.pages.len();
    assert_eq!(files, lists + entries, "each file of the content has a schema");
}

#[test]
fn mistakes_do_not_keep_to_the_schema() {
    let validator = jsonschema::validator_for(&schema("meetups")).unwrap();
    let talk = |talk: Value| json!({ "number": 1, "date": "2020-01-02", "talks": [talk] });
    assert!(validator.is_valid(&talk(json!({ "title": "T", "speakers": "Ada", "videos": ["https://a.example"] }))));
    for wrong in [
        talk(json!({ "speakers": ["Ada"] })),
        talk(json!({ "title": "T", "speekers": ["Ada"] })),
        talk(json!({ "title": "T", "kind": "speech" })),
        json!({ "number": "one" }),
        json!({ "number": 1, "time": "half past six" }),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
