//! The lab's page without a server behind it, and with one.

use jiff::civil::date;

use super::super::query;
use super::*;
use crate::context::Body;
use crate::site::tests::site_of;

const BLOCK: &str =
    "title: On <b> noise\nexperiment: variance\ncurvatures: [1]\nlearning_rate: 0.1\nsteps: 50\nseeds: 30\n";

fn site() -> Site {
    let article = format!("---\ntitle: Text\ndate: 2019-09-24\n---\n```lab\n{BLOCK}```\n");
    site_of(&[
        (
            "site.yaml",
            "name: A\nshort_name: A\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/\n",
        ),
        ("hot-topics/text.md", article.as_str()),
    ])
}

const LIMITS: Limits = Limits { queue: 8, per_visitor: 2, per_hour: 9, seconds: 60.0, store_bytes: 1 << 20 };

fn answer(query: &str, limits: Limits) -> Answer {
    let (site, estimator) = (site(), Estimator::new(2));
    let status = LabStatus {
        limits,
        estimator: &estimator,
        blocks: &Blocks::of(&site),
        active: Vec::new(),
        seconds: 0.0,
        recent: Vec::new(),
        result_status: &|_| ResultStatus::Missing,
    };
    lab_page(&site, date(2026, 1, 1), query, &status)
}

fn look(query: &str) -> (u16, String) {
    let answer = answer(query, LIMITS);
    match answer.body {
        Body::Bytes(bytes) => (answer.status, String::from_utf8(bytes).unwrap()),
        Body::Preview(text) | Body::Redirect(text) => (answer.status, text),
    }
}

fn spec(text: &str) -> String {
    address(text).split_once('?').unwrap().1.to_owned()
}

#[test]
fn without_a_server_there_are_presets_and_no_form() {
    let (site, query) = (site(), Query::default());
    let request = Request::new(&site, date(2026, 1, 1), PATH, &query);
    let Body::Bytes(html) = (KIND.answer)(&request).unwrap().body else { panic!() };
    let html = String::from_utf8(html).unwrap();
    assert!(
        html.contains("Nothing can be run on this page.")
            && html.contains("vdlm lab run spec.yaml")
            && !html.contains("<form")
            && !html.contains("?spec="),
        "{html}"
    );
    assert!(html.contains("/hot-topics/text/#figure-1") && html.contains("On &#60;b&#62; noise"), "{html}");
}

#[test]
fn a_form_leads_to_the_address_of_its_spec() {
    let (status, html) = look("");
    assert_eq!(status, 200);
    for name in ["task", "optimizer-1", "settings-6", "rates", "schedule", "epochs", "batch", "seeds", "spec"] {
        assert!(html.contains(&format!("id=\"{name}\"")) && html.contains(&format!("<label for=\"{name}\"")), "{name}");
    }
    let sent =
        "task=digits-mlp&optimizer-1=adam&settings-1=beta1%3A+0.8&rates=0.1&schedule=cosine&epochs=2&batch=32&seeds=1";
    assert!(html.contains("disabled>digits-mlp: ") && html.contains("(its data are not on this server)"), "{html}");
    let (status, to) = look(sent);
    assert_eq!(status, 303);
    let text = query::form_field(to.split_once('?').unwrap().1, "spec").unwrap();
    assert!(text.contains("  - adam: {beta1: 0.8}\n") && text.contains("schedule: cosine\n"), "{text}");
    let (status, html) = look(to.split_once('?').unwrap().1);
    assert_eq!(status, 422, "the digits are not here");
    assert!(
        html.contains("The data set `digits` is not on this server") && html.contains("value=\"beta1: 0.8\""),
        "{html}"
    );
}

#[test]
fn problems_stand_with_their_fields_and_what_was_typed_is_kept() {
    let (status, html) =
        look("task=digits-mlp&optimizer-2=adam&settings-2=beta3%3A+1&rates=0.1%2C+%3Cb%3E&epochs=5&batch=32&seeds=1");
    assert_eq!(status, 422);
    assert!(
        html.contains("id=\"settings-2\" name=\"settings-2\" value=\"beta3: 1\"") && !html.contains("<b>\""),
        "{html}"
    );
    assert!(
        html.contains("aria-invalid=\"true\" aria-describedby=\"settings-2-fault\"")
            && html.contains("id=\"settings-2-fault\"")
    );
    assert!(html.contains("href=\"#rates\"") && html.contains("did you mean `beta1` or `beta2`?"), "{html}");
}

#[test]
fn yaml_of_every_kind_is_read_and_its_problems_have_places() {
    let (status, html) = look(&spec(BLOCK));
    assert_eq!(status, 200);
    assert!(
        html.contains("<button type=\"submit\">Run</button>") && html.contains("action=\"/lab/runs/\" method=\"post\"")
    );
    assert!(
        html.contains("30") && html.contains("about a second on 2 cores") && html.contains("it begins at once"),
        "{html}"
    );
    let (status, html) = look(&spec(&BLOCK.replace("seeds: 30", "sedes: 30")));
    assert_eq!(status, 422);
    assert!(
        html.contains("spec:6:1") && html.contains("did you mean `seeds`?") && html.contains("sedes: 30\n</textarea>"),
        "{html}"
    );
    let (status, html) = look(&spec(&format!("{BLOCK}# {}", "x".repeat(MAX_SPEC))));
    assert!(status == 422 && html.contains("where the limit is 4000"), "{status}");
}

#[test]
fn what_is_too_large_is_told_with_the_limit_and_what_fits() {
    let text = BLOCK.replace("steps: 50", "steps: 1000").replace("curvatures: [1]", "curvatures: [1, 2, 3, 4]");
    let text = text.replace("seeds: 30", "seeds: 20000");
    let seconds = Estimator::new(2).seconds(&read_spec(&text).unwrap().spec) / 2.0;
    let answer = answer(&spec(&text), Limits { seconds, ..LIMITS });
    let Body::Bytes(html) = answer.body else { panic!() };
    let html = String::from_utf8(html).unwrap();
    assert_eq!(answer.status, 422);
    assert!(
        html.contains("<b>This run is too large.</b>") && html.contains("would fit") && !html.contains(">Run</button>"),
        "{html}"
    );
}
