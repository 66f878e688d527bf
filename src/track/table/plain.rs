//! Parquet's PLAIN encoding: values one after the other, little-endian.
//! Each function gives exactly `count` values, or `None` where the bytes do not hold them.

pub(super) fn doubles(bytes: &[u8], count: usize) -> Option<Vec<f64>> {
    fixed(bytes, count, f64::from_le_bytes)
}

pub(super) fn floats(bytes: &[u8], count: usize) -> Option<Vec<f32>> {
    fixed(bytes, count, f32::from_le_bytes)
}

pub(super) fn int64s(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    fixed(bytes, count, i64::from_le_bytes)
}

pub(super) fn int32s(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    fixed(bytes, count, |bytes| i64::from(i32::from_le_bytes(bytes)))
}

pub(super) fn unsigned32s(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    fixed(bytes, count, |bytes| i64::from(u32::from_le_bytes(bytes)))
}

pub(super) fn booleans(bytes: &[u8], count: usize) -> Option<Vec<bool>> {
    let bytes = bytes.get(..count.div_ceil(8))?;
    let bit = |index: usize| bytes[index / 8] >> (index % 8) & 1 == 1;
    Some((0..count).map(bit).collect())
}

pub(super) fn texts(mut bytes: &[u8], count: usize) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for _ in 0..count {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (text, rest) = rest.split_at_checked(length)?;
        texts.push(str::from_utf8(text).ok()?.to_owned());
        bytes = rest;
    }
    Some(texts)
}

fn fixed<const N: usize, T>(
    bytes: &[u8],
    count: usize,
    value: impl Fn([u8; N]) -> T,
) -> Option<Vec<T>> {
    let bytes = bytes.get(..count.checked_mul(N)?)?;
    Some(
        bytes
            .as_chunks::<N>()
            .0
            .iter()
            .map(|chunk| value(*chunk))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::{booleans, int32s, texts, unsigned32s};

    #[test]
    fn values_are_little_endian() {
        let bytes = [0xfe, 0xff, 0xff, 0xff, 1, 0, 0, 0];
        assert_eq!(int32s(&bytes, 2), Some(vec![-2, 1]));
        assert_eq!(unsigned32s(&bytes, 2), Some(vec![4_294_967_294, 1]));
        assert_eq!(
            booleans(&[0b101, 0b10], 10).unwrap()[..3],
            [true, false, true]
        );
        assert_eq!(
            texts(b"\x02\0\0\0ab\0\0\0\0", 2),
            Some(vec!["ab".to_owned(), String::new()])
        );
    }

    #[test]
    fn too_few_bytes_are_none() {
        assert_eq!(int32s(&[0; 7], 2), None);
        assert_eq!(booleans(&[0], 9), None);
        assert_eq!(texts(b"\x03\0\0\0ab", 1), None);
        assert_eq!(texts(b"\x01\0\0\0\xff", 1), None);
        assert_eq!(int32s(&[0; 8], usize::MAX), None);
    }
}
