//! Randomness that depends on what it is for, and on nothing else.
//!
//! A stream is named by its purpose and its numbers (seed, epoch): the key of a ChaCha8 generator is the BLAKE3 hash of
//! that name. So a run draws the same whichever runs went before it, and all optimizers of one seed start alike and see
//! the same batches.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The stream of this purpose and these numbers.
pub fn stream(purpose: &str, numbers: &[u64]) -> ChaCha8Rng {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"vdlm ").update(purpose.as_bytes());
    for number in numbers {
        // The zero byte keeps the end of the purpose apart from the numbers.
        hasher.update(b"\0").update(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(*hasher.finalize().as_bytes())
}

/// A draw from the open unit interval: an odd multiple of 2⁻⁵³.
fn unit(rng: &mut ChaCha8Rng) -> f64 {
    ((rng.next_u64() >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
}

/// A draw from the standard normal distribution: Box & Muller 1958, the cosine of each pair.
pub fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let (radius, angle) = (unit(rng), unit(rng));
    (-2.0 * libm::log(radius)).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
}

/// Puts items in random order: Fisher & Yates. An index below n is the upper half of a 64-bit draw times n, whose bias
/// (n·2⁻⁶⁴) is far below what any run could show.
pub fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        let index = (u128::from(rng.next_u64()) * (last as u128 + 1)) >> 64;
        items.swap(last, index as usize);
    }
}
