//! Parquet's hybrid of run-length and bit-packed encoding, which holds definition levels and
//! dictionary indices (Parquet format specification, "Run Length Encoding / Bit-Packing Hybrid").

/// Exactly `count` integers of `width` bits (0 to 32), or `None` where the bytes do not hold them.
pub(super) fn integers(mut bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
    if width > 32 {
        return None;
    }
    let mut values = Vec::new();
    while values.len() < count {
        let missing = count - values.len();
        let (header, rest) = variable_length(bytes)?;
        let length = usize::try_from(header >> 1).ok()?;
        if length == 0 {
            return None; // A run of nothing would never end.
        }
        bytes = if header & 1 == 1 {
            let (packed, rest) = rest.split_at_checked(length.checked_mul(width as usize)?)?;
            unpack(
                packed,
                width,
                length.checked_mul(8)?.min(missing),
                &mut values,
            );
            rest
        } else {
            let (value, rest) = rest.split_at_checked(width.div_ceil(8) as usize)?;
            let value = value
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | u32::from(*byte));
            values.resize(values.len() + length.min(missing), value);
            rest
        };
    }
    Some(values)
}

/// Appends `count` integers that lie bit by bit, least significant bit first.
fn unpack(packed: &[u8], width: u32, count: usize, values: &mut Vec<u32>) {
    let mask = (1_u64 << width) - 1;
    let (mut window, mut filled, mut bytes) = (0_u64, 0, packed.iter());
    for _ in 0..count {
        while filled < width {
            window |= bytes.next().map_or(0, |byte| u64::from(*byte)) << filled;
            filled += 8;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the mask leaves at most 32 bits"
        )]
        values.push((window & mask) as u32);
        window >>= width;
        filled -= width;
    }
}

/// An unsigned LEB128 integer of at most five bytes and what follows it.
fn variable_length(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::integers;

    #[test]
    fn runs_and_packed_groups_follow_each_other() {
        // The specification's own example: 0 to 7 in three bits each, then five times 4.
        let bytes = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010, 5 << 1, 4];
        let expected = [0, 1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4, 4];
        assert_eq!(integers(&bytes, 3, 13).unwrap(), expected);
        assert_eq!(integers(&bytes, 3, 5).unwrap(), expected[..5]);
    }

    #[test]
    fn long_runs_and_wide_values() {
        let run = integers(&[0b1010_0000, 0b1, 0x34, 0x12], 16, 80).unwrap();
        assert_eq!(run, [0x1234; 80]);
        let packed = [&[0b11_u8][..], &[0xff; 32]].concat();
        assert_eq!(integers(&packed, 32, 8).unwrap(), [u32::MAX; 8]);
        assert_eq!(integers(&[0b11], 0, 8).unwrap(), [0; 8]);
    }

    #[test]
    fn what_ends_early_is_none() {
        assert_eq!(integers(&[0b11, 0, 0], 3, 8), None);
        assert_eq!(integers(&[4 << 1, 1], 1, 5), None);
        assert_eq!(integers(&[0, 1, 0, 1], 1, 5), None, "runs of nothing");
        assert_eq!(integers(&[0xff; 12], 1, 5), None, "a header without end");
        assert_eq!(integers(&[], 33, 1), None);
    }
}
