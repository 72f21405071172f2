//! By hand, against transcriptions of the papers, and by algebra.

mod algebra;
mod by_hand;
mod numbers;
mod papers;
mod schedule_free;
pub(super) mod toy;

use super::*;

/// Every method for parameters that start at `theta0`, with options that leave no term at zero, and each RAdam.
fn every_method(theta0: &[f64]) -> Vec<(&'static str, Box<dyn Optimizer<f64>>)> {
    let n = theta0.len();
    let sgd = SgdConfig { momentum: 0.9, ..SgdConfig::default() };
    let lookahead = Lookahead::new(Adam::new(AdamConfig::default(), n), theta0, 5, 0.5);
    let vhat = ScheduleFreeAdamWConfig { correction: Correction::Vhat, ..ScheduleFreeAdamWConfig::default() };
    vec![
        ("sgd", Box::new(Sgd::new(sgd, n))),
        ("adam", Box::new(Adam::new(AdamConfig::default(), n))),
        ("adamw", Box::new(AdamW::new(AdamConfig::adamw(), n))),
        ("radam", Box::new(RAdam::new(RAdamConfig::default(), n))),
        ("radam-pytorch", Box::new(RAdam::new(RAdamConfig::pytorch(), n))),
        ("radam-author", Box::new(RAdam::new(RAdamConfig::author(), n))),
        ("radam-optax", Box::new(RAdam::new(RAdamConfig::optax(), n))),
        ("lookahead", Box::new(lookahead)),
        ("ranger", Box::new(ranger(theta0))),
        ("lion", Box::new(Lion::new(LionConfig::default(), n))),
        ("schedule-free-sgd", Box::new(ScheduleFreeSgd::new(ScheduleFreeSgdConfig::default(), theta0))),
        ("schedule-free-adamw", Box::new(ScheduleFreeAdamW::new(ScheduleFreeAdamWConfig::default(), theta0))),
        ("schedule-free-adamw, v̂", Box::new(ScheduleFreeAdamW::new(vhat, theta0))),
    ]
}
