//! `CPython`'s `random.Random`.

#![expect(
    clippy::float_cmp,
    reason = "the numbers are the same or the generator is wrong"
)]

use kaslite_random::{PythonRandom, SampleTooLarge};

#[test]
fn random_bits_and_integers() {
    let mut generator = PythonRandom::new(42);
    for recorded in [
        0.639_426_798_457_883_7,
        0.025_010_755_222_666_936,
        0.275_029_318_369_119_26,
    ] {
        assert_eq!(generator.random(), recorded);
    }
    for (bits, recorded) in [
        (1, 0),
        (31, 299_655_412),
        (32, 3_163_119_785),
        (33, 4_735_180_711),
        (53, 8_036_041_610_782_387),
        (64, 1_603_738_325_357_503_540),
    ] {
        assert_eq!(generator.getrandbits(bits), recorded, "{bits} bits");
    }
    for (bound, recorded) in [
        (1, 0),
        (2, 0),
        (10, 0),
        (1000, 95),
        (1 << 32, 939_042_955),
        ((1 << 40) + 1, 921_463_507_190),
    ] {
        assert_eq!(generator.randbelow(bound), recorded, "below {bound}");
    }
}

#[test]
fn seeds_of_zero_and_of_two_words() {
    assert_eq!(PythonRandom::new(0).random(), 0.844_421_851_525_048_1);
    assert_eq!(
        PythonRandom::new((1 << 40) + 3).random(),
        0.219_787_106_371_167_16
    );
}

#[test]
fn samples_from_a_pool() {
    let mut generator = PythonRandom::new(42);
    assert_eq!(generator.sample(20, 5).unwrap(), [3, 0, 8, 7, 16]);
    let picked = generator.sample(100, 64).unwrap();
    assert_eq!(picked[..8], [17, 94, 13, 86, 98, 69, 11, 75]);
    assert_eq!(picked[58..], [56, 14, 85, 50, 47, 6]);
    assert_eq!(generator.random(), 0.380_126_225_039_166_15);
}

#[test]
fn samples_into_a_set() {
    let mut generator = PythonRandom::new(42);
    let recorded = [327, 57, 12, 379, 140, 125, 114, 71, 377, 52];
    assert_eq!(generator.sample(500, 10).unwrap(), recorded);
    let recorded = [279, 44, 216, 16, 15, 47, 111, 119, 258, 13];
    assert_eq!(generator.sample(300, 10).unwrap(), recorded);
    assert_eq!(generator.random(), 0.561_245_062_938_613);
}

/// The two ways part above 21, 85 and 277 elements; with these seeds each gives another sample.
#[test]
fn both_sides_of_the_boundary() {
    for (length, count, seed, last, after) in [
        (21, 5, 2, [19, 11, 5], 0.735_969_989_068_523_3),
        (22, 5, 2, [11, 5, 21], 0.853_834_385_485_473_6),
        (85, 6, 5, [67, 3, 59], 0.775_958_567_435_716_9),
        (86, 6, 2, [46, 21, 85], 0.853_834_385_485_473_6),
        (277, 64, 0, [180, 16, 272], 0.917_018_969_114_949_8),
        (278, 64, 0, [94, 96, 95], 0.032_972_414_886_751_51),
    ] {
        let mut generator = PythonRandom::new(seed);
        let picked = generator.sample(length, count).unwrap();
        assert_eq!(picked[count - 3..], last, "{count} of {length}");
        assert_eq!(generator.random(), after, "{count} of {length}");
    }
}

#[test]
fn all_and_none_and_too_many() {
    let mut generator = PythonRandom::new(1);
    let mut all = generator.sample(7, 7).unwrap();
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(generator.sample(7, 0).unwrap(), [0_usize; 0]);
    assert_eq!(generator.sample(0, 0).unwrap(), [0_usize; 0]);
    assert_eq!(
        generator.sample(7, 8),
        Err(SampleTooLarge {
            length: 7,
            count: 8
        })
    );
}

#[test]
fn a_generator_is_brought_to_where_another_one_is() {
    let mut generator = PythonRandom::new(5);
    generator.random();
    generator.sample(500, 64).unwrap();
    let mut other = PythonRandom::at(5, generator.place());
    assert_eq!(
        other.sample(500, 64).unwrap(),
        generator.sample(500, 64).unwrap()
    );
}
