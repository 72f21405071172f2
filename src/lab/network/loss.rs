//! Softmax cross-entropy of one sample.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::Real;

/// ln Σ e^(z_j) − z_label, in nats, with the largest z taken out first so that nothing overflows. Infinite or NaN logits give NaN.
pub(super) fn cross_entropy<S: Real>(logits: ArrayView1<'_, S>, label: u8) -> f64 {
    let top = largest(logits);
    let mut sum = S::default();
    for z in logits {
        sum += (*z - top).exp();
    }
    (sum.ln() + top - logits[usize::from(label)]).to_f64()
}

/// Computes the same, and into `grad` its gradient by the logits, times `share`: (softmax_j − [j = label])·share.
pub(super) fn cross_entropy_and_grad<S: Real>(
    logits: ArrayView1<'_, S>,
    label: u8,
    share: S,
    mut grad: ArrayViewMut1<'_, S>,
) -> f64 {
    let top = largest(logits);
    let mut sum = S::default();
    for (grad, z) in grad.iter_mut().zip(logits) {
        *grad = (*z - top).exp();
        sum += *grad;
    }
    let scale = share / sum;
    grad.mapv_inplace(|e| e * scale);
    grad[usize::from(label)] -= share;
    (sum.ln() + top - logits[usize::from(label)]).to_f64()
}

/// Returns whether the largest logit is that of the class; the first of equals counts as the largest.
pub(super) fn is_right<S: Real>(logits: ArrayView1<'_, S>, label: u8) -> bool {
    let label = usize::from(label);
    let own = logits[label];
    logits.iter().enumerate().all(|(class, z)| class == label || if class < label { *z < own } else { *z <= own })
}

fn largest<S: Real>(logits: ArrayView1<'_, S>) -> S {
    logits.iter().fold(logits[0], |top, z| if *z > top { *z } else { top })
}
