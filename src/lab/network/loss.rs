//! Softmax cross-entropy of one sample.

use ndarray::{ArrayView1, ArrayViewMut1};

use super::Real;

/// Computes −ln softmax_label in nats: ln(1 + Σ_{j ≠ top} e^(z_j − z_top)) + (z_top − z_label), where z_top is the
/// largest logit. Nothing overflows, and neither term cancels the other, so that small losses keep their digits. Not
/// finite where a logit is infinite or NaN.
pub(super) fn cross_entropy<S: Real>(logits: ArrayView1<'_, S>, label: u8) -> f64 {
    let top = largest(logits);
    let others = sum_but(logits.iter().map(|z| (*z - logits[top]).exp()), top);
    (others.ln_1p() + (logits[top] - logits[usize::from(label)])).to_f64()
}

/// Computes the same, and into `grad` its gradient by the logits, times `share`: (softmax_j − [j = label])·share. That
/// of the label is −Σ_{j ≠ label} softmax_j, which keeps its digits where softmax is almost 1.
pub(super) fn cross_entropy_and_grad<S: Real>(
    logits: ArrayView1<'_, S>,
    label: u8,
    share: S,
    mut grad: ArrayViewMut1<'_, S>,
) -> f64 {
    let (top, label) = (largest(logits), usize::from(label));
    grad.zip_mut_with(&logits, |grad, z| *grad = (*z - logits[top]).exp());
    let [others, wrong] = [top, label].map(|class| sum_but(grad.iter().copied(), class));
    let scale = share / (S::from_f64(1.0) + others);
    grad.mapv_inplace(|e| e * scale);
    grad[label] = -(wrong * scale);
    (others.ln_1p() + (logits[top] - logits[label])).to_f64()
}

/// Adds up numbers from first to last, but one of them.
fn sum_but<S: Real>(numbers: impl Iterator<Item = S>, but: usize) -> S {
    numbers.enumerate().filter(|(class, _)| *class != but).fold(S::default(), |sum, (_, x)| sum + x)
}

/// Returns whether the largest logit is that of the class; the first of equals counts as the largest.
pub(super) fn is_right<S: Real>(logits: ArrayView1<'_, S>, label: u8) -> bool {
    let label = usize::from(label);
    let own = logits[label];
    logits.iter().enumerate().all(|(class, z)| class == label || if class < label { *z < own } else { *z <= own })
}

/// Finds the first of the largest logits.
fn largest<S: Real>(logits: ArrayView1<'_, S>) -> usize {
    (1..logits.len()).fold(0, |top, class| if logits[class] > logits[top] { class } else { top })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, ArrayView1};

    use super::*;

    /// Relative errors of the loss and of the label's slope.
    fn errors<S: Real>(logits: &[f64], label: u8, loss: f64, slope: f64) -> [f64; 2] {
        let logits: Vec<S> = logits.iter().map(|z| S::from_f64(*z)).collect();
        let (logits, mut grad) = (ArrayView1::from(&logits), Array1::from_elem(logits.len(), S::default()));
        let found = cross_entropy_and_grad(logits, label, S::from_f64(1.0), grad.view_mut());
        assert_eq!(found, cross_entropy(logits, label));
        [found / loss - 1.0, grad[usize::from(label)].to_f64() / slope - 1.0].map(f64::abs)
    }

    #[test]
    fn small_losses_keep_their_digits() {
        // Values by Python's decimal with 60 digits. The logits are exact in both formats.
        let cases: [(&[f64], u8, f64, f64); 5] = [
            (&[40.0, 30.0, 20.5], 0, 4.540_229_733_040_425e-5, -4.540_126_666_170_112e-5),
            (&[40.0, 27.0, -3.25, 0.0], 0, 2.260_326_852_444_802_6e-6, -2.260_324_297_907_987_7e-6),
            (&[40.0, 27.0, -3.25, 0.0], 1, 13.000_002_260_326_852, -0.999_997_739_675_702),
            (&[0.5, 0.25, -1.0], 1, 0.944_112_186_401_914_3, -0.610_975_200_863_417_7),
            (&[300.0, 280.0], 0, 2.061_153_620_314_381e-9, -2.061_153_618_190_204e-9),
        ];
        for (logits, label, loss, slope) in cases {
            let (narrow, wide) = (errors::<f32>(logits, label, loss, slope), errors::<f64>(logits, label, loss, slope));
            assert!(narrow.iter().all(|error| *error < 3e-7), "{logits:?}: {narrow:?}");
            assert!(wide.iter().all(|error| *error < 1e-15), "{logits:?}: {wide:?}");
        }
    }
}
