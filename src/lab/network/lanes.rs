//! Numbers by the vector.

use pulp::Simd;

use crate::optim::Scalar;

/// A number that processors have vectors of.
pub trait Lanes: Scalar {
    /// As many numbers as the processor computes with at once.
    type Vector<V: Simd>: Copy;

    /// A line of numbers as vectors, as far as they fill whole ones.
    fn vectors<V: Simd>(line: &[Self]) -> &[Self::Vector<V>];

    /// The same to be written.
    fn vectors_mut<V: Simd>(line: &mut [Self]) -> &mut [Self::Vector<V>];

    /// `sum` + `a`·`b` in each lane, rounded once. Exact, so the same by hardware and by software.
    fn add_product<V: Simd>(simd: V, sum: Self::Vector<V>, a: Self, b: Self::Vector<V>) -> Self::Vector<V>;
}

macro_rules! lanes {
    ($scalar:ty, $vector:ident, $shared:ident, $mutable:ident, $splat:ident, $mul_add:ident) => {
        impl Lanes for $scalar {
            type Vector<V: Simd> = V::$vector;

            #[inline(always)]
            fn vectors<V: Simd>(line: &[Self]) -> &[V::$vector] {
                V::$shared(line).0
            }

            #[inline(always)]
            fn vectors_mut<V: Simd>(line: &mut [Self]) -> &mut [V::$vector] {
                V::$mutable(line).0
            }

            #[inline(always)]
            fn add_product<V: Simd>(simd: V, sum: V::$vector, a: Self, b: V::$vector) -> V::$vector {
                // Not `mul_add_e`, which rounds twice where there is no hardware for it.
                simd.$mul_add(simd.$splat(a), b, sum)
            }
        }
    };
}

lanes!(f32, f32s, as_simd_f32s, as_mut_simd_f32s, splat_f32s, mul_add_f32s);
lanes!(f64, f64s, as_simd_f64s, as_mut_simd_f64s, splat_f64s, mul_add_f64s);
