//! Records of RFC 4180: cells separated by commas, quoted where they contain a comma, a quote or a line break.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

/// The longest record that is read, in bytes. A longer one is most likely a quote that was never closed.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// Splits an input into records. Empty lines between records are skipped; a line may end in LF, CR LF or CR.
pub(super) struct RecordReader<R> {
    input: BufReader<R>,
    splitter: Splitter,
}

/// Why a record cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordFault {
    /// Text stands between a closing quote and the next comma.
    AfterQuote,
    /// The input ends within quotes.
    Unclosed,
    /// More than [`MAX_RECORD_BYTES`]. Nothing after it can be read.
    TooLong,
}

/// The cells of a record and the line on which it starts.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fault: Option<RecordFault>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at a position, as bytes.
    pub(super) fn cell(&self, position: usize) -> Option<&[u8]> {
        let end = *self.ends.get(position)?;
        let start = match position.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.bytes.get(start..end)
    }
}

impl<R: Read> RecordReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), splitter: Splitter::default() }
    }

    /// Passes over the byte order mark, if the input starts with one.
    pub(super) fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
        // A first chunk may be shorter than three bytes only where the input itself is or trickles in; a mark that
        // trickles in is met in the first header cell, which drops it too.
        if self.input.fill_buf()?.starts_with(&MARK) {
            self.input.consume(MARK.len());
        }
        Ok(())
    }

    /// The next record, or `None` at the end. It stays readable until the next call.
    pub(super) fn next(&mut self) -> io::Result<Option<&Record>> {
        self.splitter.begin();
        loop {
            let chunk = match self.input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                chunk => chunk?,
            };
            if chunk.is_empty() {
                return Ok(self.splitter.end().then_some(&self.splitter.record));
            }
            let mut used = 0;
            let mut complete = false;
            for &byte in chunk {
                used += 1;
                if self.splitter.feed(byte) {
                    complete = true;
                    break;
                }
            }
            self.input.consume(used);
            if self.splitter.record.bytes.len() > MAX_RECORD_BYTES {
                self.splitter.record.fault = Some(RecordFault::TooLong);
                complete = true;
            }
            if complete {
                return Ok(Some(&self.splitter.record));
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Before the first byte of a cell.
    #[default]
    Start,
    Plain,
    Quoted,
    /// Behind a quote within a quoted cell: its end, or the first half of a doubled quote.
    Quote,
}

#[derive(Debug, Default)]
struct Splitter {
    state: State,
    record: Record,
    lines_before: u64,
    after_return: bool,
}

impl Splitter {
    fn begin(&mut self) {
        self.state = State::Start;
        self.record.fault = None;
        self.record.bytes.clear();
        self.record.ends.clear();
    }

    /// Takes one byte; true when it completes a record.
    #[inline]
    fn feed(&mut self, byte: u8) -> bool {
        let is_break = byte == b'\n' || byte == b'\r';
        let second_half = byte == b'\n' && self.after_return;
        self.after_return = byte == b'\r';
        let line = self.lines_before + 1;
        if is_break && !second_half {
            self.lines_before += 1;
        }
        if self.state == State::Quoted {
            if byte == b'"' {
                self.state = State::Quote;
            } else {
                self.record.bytes.push(byte);
            }
            return false;
        }
        let at_start = self.state == State::Start && self.record.ends.is_empty();
        if is_break {
            if at_start {
                return false;
            }
            self.record.ends.push(self.record.bytes.len());
            return true;
        }
        if at_start {
            self.record.line = line;
        }
        match (self.state, byte) {
            (_, b',') => {
                self.record.ends.push(self.record.bytes.len());
                self.state = State::Start;
            }
            (State::Start, b'"') => self.state = State::Quoted,
            (State::Quote, b'"') => {
                self.record.bytes.push(byte);
                self.state = State::Quoted;
            }
            (State::Quote, _) => {
                self.record.fault = Some(RecordFault::AfterQuote);
                self.state = State::Plain;
            }
            _ => {
                self.record.bytes.push(byte);
                self.state = State::Plain;
            }
        }
        false
    }

    /// The input has ended; true when that completes a record.
    fn end(&mut self) -> bool {
        if self.state == State::Start && self.record.ends.is_empty() {
            return false;
        }
        if self.state == State::Quoted {
            self.record.fault = Some(RecordFault::Unclosed);
        }
        self.record.ends.push(self.record.bytes.len());
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Plain = (u64, Vec<String>, Option<RecordFault>);

    fn read(text: &str) -> Vec<Plain> {
        let mut reader = RecordReader::new(text.as_bytes());
        let mut all = Vec::new();
        while let Some(record) = reader.next().unwrap() {
            let cells = (0..record.len())
                .map(|at| String::from_utf8_lossy(record.cell(at).unwrap()).into_owned());
            all.push((record.line, cells.collect(), record.fault));
        }
        all
    }

    #[test]
    fn lines_are_physical_and_cells_are_exact() {
        for (text, expected) in [
            ("a,b\r\n1,2\r\n", vec![(1, vec!["a", "b"]), (2, vec!["1", "2"])]),
            ("a\n\n\r\n\nb", vec![(1, vec!["a"]), (5, vec!["b"])]),
            ("a\rb\r", vec![(1, vec!["a"]), (2, vec!["b"])]),
            ("\"x\r\ny\nz\",1\n2,3", vec![(1, vec!["x\r\ny\nz", "1"]), (4, vec!["2", "3"])]),
            ("\"a \"\"b\"\"\",\"\"\n", vec![(1, vec!["a \"b\"", ""])]),
            ("5\" pipe,\n", vec![(1, vec!["5\" pipe", ""])]),
            (",\n", vec![(1, vec!["", ""])]),
            ("\"\"\n", vec![(1, vec![""])]),
            ("", vec![]),
        ] {
            let expected: Vec<Plain> = expected
                .into_iter()
                .map(|(line, cells)| (line, cells.into_iter().map(Into::into).collect(), None))
                .collect();
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn broken_quotes_and_endless_records_are_told() {
        let faults = |text: &str| read(text).into_iter().map(|r| (r.0, r.2)).collect::<Vec<_>>();
        assert_eq!(
            faults("\"a\"b,c\nd,e\n"),
            [(1, Some(RecordFault::AfterQuote)), (2, None)],
            "the next record is unharmed"
        );
        assert_eq!(faults("a\n\"b\nc"), [(1, None), (2, Some(RecordFault::Unclosed))]);
        let mut reader = RecordReader::new(io::repeat(b'x'));
        let record = reader.next().unwrap().unwrap();
        assert_eq!(record.fault, Some(RecordFault::TooLong));
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            records in prop::collection::vec(prop::collection::vec("[a,\"\r\n é]{0,6}", 1..5), 0..6)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for record in &records {
                writer.write_record(record).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let cells: Vec<_> = read(&text).into_iter().map(|record| record.1).collect();
            prop_assert_eq!(cells, records);
        }
    }
}
