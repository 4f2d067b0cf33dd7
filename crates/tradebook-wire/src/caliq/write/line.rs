//! Rows put together in a few registers and a short buffer: an append to a growing vector costs more than most of what is appended.

use tradebook_model::MICROS_PER_UNIT;

use super::encode::decimal;

/// How much a line holds before it is passed on.
const ROOM: usize = 512;
/// Ones and zeros of eight digits, as text.
const ZEROS: u64 = 0x3030_3030_3030_3030;
/// Numbers below this have at most eight digits.
const EIGHT_DIGITS: u64 = 100_000_000;

/// What is about to be appended to a buffer. [`pass_on`](Self::pass_on) must be the last call.
pub(super) struct Line<'o> {
    out: &'o mut Vec<u8>,
    bytes: [u8; ROOM],
    length: usize,
}

impl<'o> Line<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out, bytes: [0; ROOM], length: 0 }
    }

    /// Appends a text whose length is known when this is compiled, so that no loop copies it.
    #[inline(always)]
    pub(super) fn put<const N: usize>(&mut self, text: &[u8; N]) {
        self.put_some(text, N);
    }

    /// Appends the first so many bytes of an array. All are copied, and the others written over by what comes next.
    #[inline(always)]
    pub(super) fn put_some<const N: usize>(&mut self, text: &[u8; N], length: usize) {
        const { assert!(N <= ROOM, "a line has room for it") };
        if ROOM - self.length.min(ROOM) < N {
            self.pass_on();
        }
        if let Some(place) = self.bytes.get_mut(self.length..).and_then(<[u8]>::first_chunk_mut) {
            *place = *text;
            self.length += length.min(N);
        }
    }

    /// Appends a text of any length.
    pub(super) fn put_all(&mut self, text: &[u8]) {
        self.pass_on();
        self.out.extend_from_slice(text);
    }

    /// Appends a whole number.
    #[inline(always)]
    pub(super) fn int(&mut self, value: i32) {
        match u64::try_from(value) {
            Ok(value) if value < EIGHT_DIGITS => self.short(value),
            _ => self.put_all(itoa::Buffer::new().format(value).as_bytes()),
        }
    }

    /// Appends a decimal as [`decimal`] writes it.
    #[inline(always)]
    pub(super) fn decimal(&mut self, micros: i64, point_always: bool) {
        let unit = MICROS_PER_UNIT.unsigned_abs();
        let whole = match u64::try_from(micros) {
            Ok(micros) if micros / unit < EIGHT_DIGITS => micros / unit,
            _ => {
                self.pass_on();
                return decimal(self.out, micros, point_always);
            }
        };
        self.short(whole);
        // Two zeros and six digits: the first zero goes, the second makes room for the point.
        let digits = digits(micros.unsigned_abs() % unit) >> 8;
        let unused = digits.leading_zeros() / 8;
        let length = match unused {
            8 if point_always => 2,
            unused => 8 - unused,
        };
        let text = (digits | (ZEROS & !0xff) | u64::from(b'.')).to_le_bytes();
        self.put_some(&text, usize::try_from(length).unwrap_or(text.len()));
    }

    /// Appends a number below [`EIGHT_DIGITS`].
    #[inline(always)]
    fn short(&mut self, value: u64) {
        let digits = digits(value);
        // The last digit is written even if it is zero.
        let leading = (digits.trailing_zeros() / 8).min(7);
        let text = ((digits | ZEROS) >> (8 * leading)).to_le_bytes();
        self.put_some(&text, usize::try_from(8 - leading).unwrap_or(text.len()));
    }

    /// Appends to the buffer what has been put so far.
    #[inline(never)]
    pub(super) fn pass_on(&mut self) {
        self.out.extend_from_slice(self.bytes.get(..self.length).unwrap_or_default());
        self.length = 0;
    }
}

/// The eight digits of a number below [`EIGHT_DIGITS`], one in each byte, the first one in the lowest: all halves are split at once,
/// then all quarters. <https://pvk.ca/Blog/2017/12/22/appnexus-common-framework-its-out-also-how-to-print-integers-faster/>
#[inline(always)]
fn digits(value: u64) -> u64 {
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = (halves.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (halves.wrapping_sub(hundreds.wrapping_mul(100)) << 16);
    let tens = (pairs.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs.wrapping_sub(tens.wrapping_mul(10)) << 8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    fn written(write: impl FnOnce(&mut Line<'_>)) -> String {
        let mut out = Vec::new();
        let mut line = Line::new(&mut out);
        write(&mut line);
        line.pass_on();
        String::from_utf8(out).unwrap()
    }

    fn check(micros: i64) {
        for point_always in [false, true] {
            let mut expected = Vec::new();
            decimal(&mut expected, micros, point_always);
            let line = written(|line| line.decimal(micros, point_always));
            assert_eq!(line.as_bytes(), expected, "{micros}");
        }
    }

    #[test]
    fn digits_are_those_of_the_number() {
        for value in (0..EIGHT_DIGITS).step_by(9973).chain([EIGHT_DIGITS - 1]) {
            let text = digits(value).to_le_bytes().map(|digit| digit + b'0');
            assert_eq!(text, *format!("{value:08}").as_bytes());
        }
        for value in [0, 9, 10, 99_999_999, 100_000_000, i32::MAX, -1, i32::MIN] {
            assert_eq!(written(|line| line.int(value)), value.to_string());
        }
    }

    #[test]
    fn decimals_at_the_edges_of_the_short_way_are_those_of_the_long_one() {
        let longest = 99_999_999_999_999;
        for micros in [0, 1, 10, 999_999, 1_000_000, 1_000_001, longest, longest + 1, i64::MAX] {
            check(micros);
            check(-micros);
        }
        check(i64::MIN);
    }

    #[test]
    fn a_line_that_is_full_goes_on_in_the_next() {
        let expected: String = (0..1000).map(|value| format!("{value},")).collect();
        let line = written(|line| {
            for value in 0..1000 {
                line.int(value);
                line.put(b",");
            }
        });
        assert_eq!(line, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(20_240_615),
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn decimals_are_those_of_the_long_way(micros in any::<i64>(), shift in 0_u32..64) {
            check(micros >> shift);
        }
    }
}
