//! The JSON files, checked against their own schema by a validator.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::Value;
use vdlm::site::Site;

use super::{BASE, LATE, get, path_in_site, real, routes, small, text};

const LISTS: [&str; 8] = ["events", "talks", "people", "venues", "topics", "articles", "jobs", "announcements"];

fn json(site: &Site, path: &str) -> Value {
    serde_json::from_str(&text(site, LATE, path)).unwrap()
}

fn validator(site: &Site) -> Validator {
    let schema = json(site, "/api/schema.json");
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// All values under a key that names an address, in the whole of a file.
fn addresses(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text)
                        if ["url", "calendar", "figure", "result", "$schema"].contains(&key.as_str()) =>
                    {
                        found.push(text.clone());
                    }
                    value => addresses(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        _ => {}
    }
}

#[test]
fn the_schema_describes_every_property_and_names_itself_where_it_can() {
    let schema = json(&real(Some(BASE)), "/api/schema.json");
    assert_eq!(schema["$id"], format!("{BASE}api/schema.json"));
    assert!(json(&real(None), "/api/schema.json").get("$id").is_none(), "a path is no name");
    let records = schema["$defs"].as_object().unwrap();
    let all = [("Data", &schema)].into_iter().chain(records.iter().map(|(name, record)| (name.as_str(), record)));
    let mut described = 0;
    for (name, record) in all {
        assert!(record["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        for (key, property) in record.get("properties").and_then(Value::as_object).into_iter().flatten() {
            assert!(
                property["description"].as_str().is_some_and(|text| text.ends_with('.')),
                "{name}.{key}: {property}"
            );
            described += 1;
        }
    }
    assert!(described > 130, "{described}");
}

#[test]
fn where_to_register_and_what_it_costs_are_data() {
    let site = small(
        &[
            ("meetups/001.yaml", "number: 1\ndate: 2026-05-01\nregistration: https://r.example/1\nprice: 12.50 EUR\n"),
            ("events/fest.md", "---\ntitle: Fest\nkind: festival\nprice: free\n---\nText.\n"),
        ],
        Some(BASE),
    );
    let all = json(&site, "/api/all.json");
    assert!(validator(&site).is_valid(&all), "{all}");
    let (event, fest) = (&all["events"][0], &all["announcements"][0]);
    assert_eq!(event["registration"], "https://r.example/1");
    assert_eq!(event["price"], serde_json::json!({"amount": "12.50", "currency": "EUR"}));
    assert_eq!((&fest["price"], fest.get("registration")), (&serde_json::json!({"amount": "0"}), None));
}

#[test]
fn every_file_is_as_the_schema_says_and_leads_to_pages_that_are_there() {
    for base in [Some(BASE), None] {
        let site = real(base);
        let validator = validator(&site);
        let pages: BTreeSet<String> = vdlm::site::routes(&site).into_iter().collect();
        let all = json(&site, "/api/all.json");
        let mut counts = Vec::new();
        for name in LISTS.into_iter().chain(["all"]) {
            let path = format!("/api/{name}.json");
            let file = json(&site, &path);
            let errors: Vec<String> =
                validator.iter_errors(&file).map(|error| format!("{} {error}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{path}: {errors:#?}");
            assert_eq!(get(&site, LATE, &path).1, "application/json");
            if name != "all" {
                assert_eq!(file[name], all[name], "{path}");
                assert_eq!(file.as_object().unwrap().len(), 3, "{path} has the schema, the site and one list");
                counts.push(file[name].as_array().unwrap().len());
            }
        }
        let archive = &site.archive;
        let own = [
            archive.events.len(),
            archive.talks.len(),
            archive.people.len(),
            archive.venues.len(),
            archive.topics.len(),
        ];
        assert_eq!(counts[..5], own);
        assert_eq!(counts[5..], [archive.articles.len(), archive.jobs.len(), archive.announcements.len()]);
        let (mut found, mut followed) = (Vec::new(), 0);
        addresses(&all, &mut found);
        for address in found {
            let whole = address.contains("://");
            assert!(whole || base.is_none() && address.starts_with('/'), "{address}");
            let target =
                if whole { path_in_site(&address, "/") } else { Some(address.split('#').next().unwrap().to_owned()) };
            if let Some(target) = target {
                assert!(pages.contains(&target), "{target}");
                followed += 1;
            }
        }
        assert!(followed > 1500, "{followed}");
    }
}

#[test]
fn the_schema_refuses_what_the_files_never_have() {
    let site = real(None);
    let validator = validator(&site);
    let good = json(&site, "/api/events.json");
    assert!(validator.is_valid(&good));
    let mut tried = 0;
    for (pointer, key, value) in [
        ("/events/0", "surprise", Value::from(1)),
        ("/events/0", "date", Value::Null),
        ("/events/0", "date", Value::from("24.9.2019")),
        ("/events/0", "status", Value::from("maybe")),
        ("/events/0", "time", Value::from("6 pm")),
        ("", "talks", Value::Null),
        ("/site", "name", Value::from(1)),
    ] {
        let mut bad = good.clone();
        bad.pointer_mut(pointer).unwrap()[key] = value;
        assert!(!validator.is_valid(&bad), "{pointer} {key}");
        tried += 1;
    }
    for (pointer, key) in [("", "site"), ("/events/0", "id"), ("/events/0", "talks")] {
        let mut bad = good.clone();
        bad.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&bad), "{pointer} {key}");
        tried += 1;
    }
    assert_eq!(tried, 10);
    assert!(!text(&site, LATE, "/api/all.json").contains("null"));
}

#[test]
fn texts_are_as_the_markdown_of_their_pages_has_them() {
    let site = real(Some(BASE));
    let (mut texts, mut figures, mut numbers) = (0, 0, 0);
    for name in ["articles", "jobs", "announcements"] {
        let file = json(&site, &format!("/api/{name}.json"));
        for item in file[name].as_array().unwrap() {
            let markdown = item["markdown"].as_str().unwrap();
            let page = path_in_site(item["url"].as_str().unwrap(), "/").unwrap();
            assert!(text(&site, LATE, &format!("{page}index.md")).contains(markdown.trim()), "{page}");
            assert!(!markdown.contains("```lab") && !markdown.contains("](../"), "{page}");
            texts += usize::from(!markdown.is_empty());
            figures += markdown.matches("**Figure ").count();
        }
    }
    let file = text(&site, LATE, "/api/articles.json");
    for article in &site.archive.articles {
        let typed = article.source.body.markdown.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
        for inside in typed.filter(|inside| inside.contains(": ")) {
            assert!(!file.contains(&format!("{{{{{inside}}}}}")), "{}: {inside}", article.route);
            numbers += 1;
        }
    }
    println!("{texts} texts, {figures} figures, {numbers} numbers");
    assert!(texts > 5 && figures > 5 && numbers > 10, "{texts} {figures} {numbers}");
}

#[test]
fn fields_keep_their_order_and_results_are_linked() {
    let site = real(None);
    let file = text(&site, LATE, "/api/events.json");
    let at = |key: &str| file.find(&format!("\"{key}\":")).unwrap();
    let order = ["$schema", "site", "events", "id", "number", "status", "date", "format", "venues"].map(at);
    assert!(order.is_sorted(), "{order:?}");
    let articles = json(&site, "/api/articles.json");
    let linked: Vec<&str> = articles["articles"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|a| a["experiments"].as_array().unwrap())
        .map(|e| e["result"].as_str().unwrap())
        .collect();
    assert!(!linked.is_empty());
    for path in linked {
        let record = json(&site, path);
        assert!(path.contains(record["id"].as_str().unwrap()) && record["runs"].is_array(), "{path}");
    }
    assert!(routes(&site, ".json").len() > 10);
    for none in ["/api/none.json", "/api/.json", "/api/all", "/lab/results/none.json"] {
        assert_eq!(get(&site, LATE, none).0, 404, "{none}");
    }
    assert_eq!(get(&site, LATE, "/api").0, 301);
    let page = text(&site, LATE, "/api/");
    assert!(
        LISTS.iter().all(|name| page.contains(&format!("href=\"/api/{name}.json\"")))
            && page.contains("/api/schema.json")
    );
}

#[test]
fn hostile_text_is_text() {
    let event = "number: 1\ndate: 2020-01-01\ntopic: \"</script>\\u2028\\\" ]]> \\\\ \\u0001\"\nstatus: cancelled\nchanges: [{date: 2019-12-31, what: x}]\n";
    let site = small(&[("meetups/001.yaml", event)], Some(BASE));
    let file = json(&site, "/api/all.json");
    assert!(validator(&site).is_valid(&file));
    assert_eq!(file["events"][0]["topic"], "</script>\u{2028}\" ]]> \\ \u{1}");
    assert_eq!(
        (&file["events"][0]["status"], &file["events"][0]["changes"][0]["what"]),
        (&Value::from("cancelled"), &Value::from("x"))
    );
}
