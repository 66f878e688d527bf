//! torch's CPU generator.

use kaslite_random::{LinearWeights, TorchGenerator};

use crate::digest;

fn bits(values: &[f32]) -> u64 {
    digest(values.iter().map(|value| u64::from(value.to_bits())))
}

#[test]
fn integers_and_permutations() {
    // Only the low half of the seed counts.
    for seed in [0x0123_4567_89AB_CDEF, 0x89AB_CDEF] {
        let mut generator = TorchGenerator::new(seed);
        for recorded in [
            156_493_347_493_343_411,
            8_304_004_706_319_505_719,
            2_707_821_482_170_991_882,
            1_758_766_456_006_476_603,
        ] {
            assert_eq!(generator.next_i64(), recorded);
        }
        assert_eq!(generator.randperm(10), [0, 1, 9, 7, 4, 5, 2, 3, 6, 8]);
    }
    assert_eq!(TorchGenerator::new(0).randperm(8), [4, 0, 7, 3, 2, 5, 1, 6]);
}

#[test]
fn short_permutations_draw_nothing() {
    let mut generator = TorchGenerator::new(1);
    assert_eq!(generator.randperm(0), [0_usize; 0]);
    assert_eq!(generator.randperm(1), [0]);
    assert_eq!(generator.next_u32(), TorchGenerator::new(1).next_u32());
}

#[test]
fn uniform_fill() {
    let values = TorchGenerator::new(7).uniform_f32s(-0.3, 0.7, 100_000);
    assert_eq!(bits(&values), 0xA949_70AF_5FE2_3F60);
}

/// Below sixteen, a block and a remainder, and many: the numbers, and where the generator is after.
#[test]
fn normal_fills() {
    for (count, recorded, after) in [
        (3, 0xF2ED_A75E_727A_31A3, 8_817_350_276_967_689_401),
        (15, 0x9A20_0959_716C_BC94, 3_936_265_012_042_116_799),
        (17, 0xA3EA_2BFA_BBB2_4228, 6_382_074_284_264_547_653),
        (100_001, 0x3DD7_50F7_E060_46BD, 1_110_239_772_479_692_771),
    ] {
        let mut generator = TorchGenerator::new(7);
        let values = generator.normal_f32s(0.5, 0.3, count);
        assert_eq!(bits(&values), recorded, "{count} numbers");
        assert_eq!(generator.next_i64(), after, "{count} numbers");
    }
}

#[test]
fn the_spare_normal_stays_for_the_next_short_fill() {
    let mut generator = TorchGenerator::new(7);
    generator.normal_f32s(0.0, 1.0, 3);
    assert_eq!(
        generator.normal_f32s(0.0, 1.0, 2),
        [-1.114_344, 1.690_790_2]
    );
}

#[test]
fn a_germinating_layer_is_normal_without_bias() {
    let layer = LinearWeights::draw_for_relu(&mut TorchGenerator::new(7), 8, 4);
    assert_eq!(
        layer.weight,
        TorchGenerator::new(7).normal_f32s(0.0, 0.5, 32)
    );
    assert_eq!(layer.bias, [0.0; 4]);
}

#[test]
fn a_layer_without_inputs_draws_nothing() {
    let mut generator = TorchGenerator::new(7);
    let layer = LinearWeights::draw(&mut generator, 0, 2);
    assert_eq!((layer.weight, layer.bias), (vec![], vec![0.0; 2]));
    assert_eq!(generator.next_u32(), TorchGenerator::new(7).next_u32());
}

#[test]
fn a_generator_is_brought_to_where_another_one_is() {
    let mut generator = TorchGenerator::new(5);
    generator.next_u64();
    generator.randperm(10);
    // An odd number of normal ones leaves one over.
    generator.normal_f32s(0.0, 1.0, 3);
    let mut other = TorchGenerator::at(5, generator.place());
    assert_eq!(
        other.normal_f32s(0.0, 1.0, 5),
        generator.normal_f32s(0.0, 1.0, 5)
    );
    assert_eq!(other.next_u32(), generator.next_u32());
}
