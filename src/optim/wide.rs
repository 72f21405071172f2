//! The loop over parameters that all methods share.

use std::array::from_fn;

use pulp::{Arch, Simd, WithSimd};

use super::Scalar;

/// Parameters that are moved at once. So many that the compiler keeps the loop over them and makes vectors of it: 16
/// it unrolls first, and then gathers its vectors out of single numbers.
const LANES: usize = 64;

/// Takes each parameter's numbers, one of each of the `arrays`, with its gradient through `step`, and writes back
/// what comes out: one pass over memory.
///
/// pulp takes the widest vectors that the processor has. Each lane is another parameter and nothing is fused, so that
/// the width changes no bit.
///
/// # Panics
/// When an array has another length than `g`.
pub(super) fn each<S, F, const N: usize>(arrays: [&mut [S]; N], g: &[S], step: F)
where
    S: Scalar,
    F: Fn([S; N], S) -> [S; N],
{
    assert!(
        arrays.iter().all(|array| array.len() == g.len()),
        "made for another number of parameters than {}",
        g.len()
    );
    Arch::new().dispatch(Each { arrays, g, step });
}

struct Each<'a, S, F, const N: usize> {
    arrays: [&'a mut [S]; N],
    g: &'a [S],
    step: F,
}

impl<S, F, const N: usize> WithSimd for Each<'_, S, F, N>
where
    S: Scalar,
    F: Fn([S; N], S) -> [S; N],
{
    type Output = ();

    #[inline(always)]
    fn with_simd<V: Simd>(self, _: V) {
        let Each { arrays, g, step } = self;
        let (blocks, rest) = g.as_chunks::<LANES>();
        let mut split = arrays.map(|array| array.as_chunks_mut::<LANES>());
        for (at, g) in blocks.iter().enumerate() {
            // Everything is read before anything is written: then the compiler need not ask whether arrays overlap.
            let mut block: [[S; LANES]; N] = from_fn(|array| split[array].0[at]);
            for lane in 0..LANES {
                let moved = step(from_fn(|array| block[array][lane]), g[lane]);
                (0..N).for_each(|array| block[array][lane] = moved[array]);
            }
            (0..N).for_each(|array| split[array].0[at] = block[array]);
        }
        for (at, g) in rest.iter().enumerate() {
            let moved = step(from_fn(|array| split[array].1[at]), *g);
            (0..N).for_each(|array| split[array].1[at] = moved[array]);
        }
    }
}
