use super::*;

const ALL: [Objective; 6] = [
    Objective::Rosenbrock,
    Objective::Quadratic { dim: 2 },
    Objective::Beale,
    Objective::Himmelblau,
    Objective::Rastrigin,
    Objective::StyblinskiTang,
];

fn parse(text: &str) -> (Option<TraceSpec>, Vec<Diagnostic>) {
    TraceSpec::parse(&SourceFile::new("trace.yaml", text), text)
}

#[track_caller]
fn traced(text: &str) -> Trace {
    let (spec, problems) = parse(text);
    trace(&spec.unwrap_or_else(|| panic!("{problems:?}")))
}

#[track_caller]
fn points(text: &str) -> Vec<TracePoint> {
    traced(text).points
}

#[test]
fn gradients_are_the_slopes_of_their_functions() {
    for objective in ALL {
        for (x, y) in [(0.3, -1.2), (2.1, 1.7), (-3.4, 0.6)] {
            let mut g = [0.0; 2];
            objective.gradient(&[x, y], &mut g);
            let h = 1e-5;
            let by_x = (objective.value(&[x + h, y]) - objective.value(&[x - h, y])) / (2.0 * h);
            let by_y = (objective.value(&[x, y + h]) - objective.value(&[x, y - h])) / (2.0 * h);
            let scale = 1.0 + g[0].abs().max(g[1].abs());
            assert!((g[0] - by_x).abs() < 1e-7 * scale && (g[1] - by_y).abs() < 1e-7 * scale, "{objective:?}: {g:?}");
        }
    }
}

#[test]
fn minima_are_where_the_documentation_says() {
    let minima = [
        (Objective::Rosenbrock, [1.0, 1.0], 0.0),
        (Objective::Quadratic { dim: 2 }, [0.0, 0.0], 0.0),
        (Objective::Beale, [3.0, 0.5], 0.0),
        (Objective::Himmelblau, [3.0, 2.0], 0.0),
        (Objective::Himmelblau, [-2.805_118, 3.131_312], 0.0),
        (Objective::Himmelblau, [-3.779_310, -3.283_186], 0.0),
        (Objective::Himmelblau, [3.584_428, -1.848_127], 0.0),
        (Objective::Rastrigin, [0.0, 0.0], 0.0),
        (Objective::StyblinskiTang, [-2.903_534, -2.903_534], -78.332_331),
    ];
    for (objective, at, value) in minima {
        let mut g = [1.0; 2];
        objective.gradient(&at, &mut g);
        assert!((objective.value(&at) - value).abs() < 1e-6, "{objective:?} {at:?}: {}", objective.value(&at));
        assert!(g.iter().all(|g| g.abs() < 1e-3), "{objective:?} {at:?}: {g:?}");
    }
}

#[test]
fn a_descent_by_hand() {
    // ½·x₁² + 2·x₂², rate ¼: x₁ ← ¾·x₁, x₂ ← 0.
    let found =
        points("objective: {name: quadratic, dim: 2}\nstart: [4, 1]\noptimizer: {name: sgd, lr: 0.25}\nsteps: 2\n");
    let point = |step, params: [f64; 2], value| TracePoint { step, params: params.to_vec(), value };
    assert_eq!(found, [point(0, [4.0, 1.0], 10.0), point(1, [3.0, 0.0], 4.5), point(2, [2.25, 0.0], 2.53125)]);
    assert_eq!(
        to_json(&found[..2]),
        "[\n{\"step\":0,\"params\":[4.0,1.0],\"value\":10.0},\n{\"step\":1,\"params\":[3.0,0.0],\"value\":4.5}\n]\n"
    );
}

#[test]
fn the_example_of_the_documentation_runs() {
    let text = "objective: {name: rosenbrock}\nstart: [-2.0, 2.0]\n\
                optimizer: {name: radam, lr: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8, gate: 4}\nsteps: 200\n";
    let found = points(text);
    assert_eq!((found.len(), found[0].step, found[200].step), (201, 0, 200));
    assert_eq!((found[0].value, &found[0].params[..]), (409.0, &[-2.0, 2.0][..]));
    // The first step is momentum: g = (−2·3 − 400·(−2)·(2 − 4), 200·(2 − 4)) = (−1606, −400), θ − 0.01·g.
    assert!((found[1].params[0] - 14.06).abs() < 1e-12 && (found[1].params[1] - 6.0).abs() < 1e-12, "{:?}", found[1]);
}

#[test]
fn lookahead_and_ranger_take_their_options() {
    let with =
        |optimizer: &str| parse(&format!("objective: beale\nstart: [1, 1]\noptimizer: {optimizer}\nsteps: 20\n"));
    let spec = |optimizer| with(optimizer).0.unwrap_or_else(|| panic!("{:?}", with(optimizer).1)).optimizer.method;
    let nested = spec("{name: lookahead, lr: 0.01, k: 7, alpha: 0.8, inner: {name: adam, beta1: 0.8}}");
    assert_eq!((nested.count("k"), nested.number("alpha"), nested.beta2()), (7, 0.8, Some(0.999)));
    assert_eq!(nested.method("inner").number("beta1"), 0.8);
    let ranger = spec("{name: ranger, lr: 0.01, k: 5, eps_at: vhat}");
    assert_eq!((ranger.count("k"), ranger.number("beta1"), ranger.number("eps")), (5, 0.95, 1e-5));
    assert_eq!(ranger.choice::<crate::optim::EpsAt>("eps_at"), crate::optim::EpsAt::Vhat);
}

#[test]
fn a_descent_that_diverges_ends() {
    let found = traced("objective: rosenbrock\nstart: [-2, 2]\noptimizer: {name: sgd, lr: 0.01}\nsteps: 200\n");
    assert_eq!((found.points.len(), found.diverged_at), (5, Some(5)));
    assert!(found.points.iter().all(|point| point.value.is_finite()), "{found:?}");
    let quadratic = "objective: {name: quadratic, dim: 2}\nstart: [1e300, 1]\n";
    let found = traced(&format!("{quadratic}optimizer: {{name: sgd, lr: 0.01}}\nsteps: 200\n"));
    assert_eq!((found.points.len(), found.diverged_at), (0, Some(0)), "the value at the start is infinite");
    let found = traced("objective: beale\nstart: [1, 1]\noptimizer: {name: adam, lr: 0.01}\nsteps: 9\n");
    assert_eq!((found.points.len(), found.diverged_at), (10, None));
}

#[test]
fn problems_stand_where_they_are() {
    let cases = [
        ("objective: rosenbrok", "start: [1, 2]", "{name: sgd, lr: 1}", "10", "1:12 there is no objective `rosenbrok`"),
        (
            "objective: beale",
            "start: [1, 2, 3]",
            "{name: sgd, lr: 1}",
            "10",
            "2:8 the objective has 2 parameters, and the start has 3",
        ),
        (
            "objective: beale",
            "start: [1, .nan]",
            "{name: sgd, lr: 1}",
            "10",
            "2:12 expected a finite number, found `.nan`",
        ),
        ("objective: beale", "start: [1, 2]", "{name: sgd}", "10", "3:12 an optimizer needs `lr`"),
        (
            "objective: beale",
            "start: [1, 2]",
            "{name: sgd, lr: 1, beta1: 0.9}",
            "10",
            "3:31 unknown key `beta1` in an optimizer",
        ),
        ("objective: beale", "start: [1, 2]", "{name: adam, lr: 0}", "10", "3:29 expected a number above 0, found `0`"),
        ("objective: beale", "start: [1, 2]", "{name: adam, lr: 1}", "0", "4:8 `0` is no number of steps"),
        (
            "objective: {name: beale, dim: 3}",
            "start: [1, 2]",
            "{name: adam, lr: 1}",
            "9",
            "1:26 unknown key `dim` in an objective",
        ),
        (
            "objective: {name: quadratic, dim: 3}",
            "start: 1",
            "{name: adam, lr: 1}",
            "9",
            "2:8 the objective has 3 parameters, and the start has 1",
        ),
    ];
    for (objective, start, optimizer, steps, expected) in cases {
        let (spec, problems) = parse(&format!("{objective}\n{start}\noptimizer: {optimizer}\nsteps: {steps}\n"));
        assert!(spec.is_none(), "{expected}");
        let seen: Vec<String> =
            problems.iter().map(|p| format!("{}:{} {}", p.span.line, p.span.column, p.message)).collect();
        assert_eq!(seen, [expected]);
    }
}
