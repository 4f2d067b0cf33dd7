use proptest::prelude::*;

use super::*;
use crate::csv::{Fault, FileKind, ReadRow, Row, RowReader, RowWriter};

fn read<T: ReadRow>(text: &[u8]) -> (Vec<(u64, T)>, Vec<String>) {
    let mut faults: Vec<Fault> = Vec::new();
    let mut reader = RowReader::<T, _>::new(T::KIND.file_name(), text);
    let mut rows = Vec::new();
    while let Some(row) = reader.next_row(&mut faults).unwrap() {
        rows.push(row);
    }
    (rows, faults.iter().map(ToString::to_string).collect())
}

fn write<T: Row>(rows: &[T]) -> String {
    let mut writer = RowWriter::new::<T>(Vec::new()).unwrap();
    for row in rows {
        writer.write(row).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Reads a full file, writes it and reads that again.
fn round<T: Row + PartialEq + std::fmt::Debug>(text: &str) {
    let (rows, faults) = read::<T>(text.as_bytes());
    assert_eq!(faults, [""; 0], "{text}");
    assert!(!rows.is_empty());
    let rows: Vec<T> = rows.into_iter().map(|(_, row)| row).collect();
    let written = write(&rows);
    assert_eq!(written, text);
    let again: Vec<T> = read::<T>(written.as_bytes()).0.into_iter().map(|(_, row)| row).collect();
    assert_eq!(again, rows);
}

#[test]
fn every_file_is_written_as_it_is_read() {
    round::<CurrencyRow>(
        "code,name,exchange_rate,prefix_symbol,suffix_symbol\nEUR,Euro,1.085,,€\nGBP,,,£,\n",
    );
    round::<ProductRow>(
        "code,id,description,status,barcode,inner_barcode,outer_barcode,epos_barcode,cost,vat_rate,available,next_available,product_type,alternative_code\n\
         =1+1,7,\"A \"\"big\"\" one, red\",2,501,502,503,504,0.000001,19,-3,2024-02-29,Toys,=A\n\
         B,,,,,,,,,,,,,\n",
    );
    round::<PriceListRow>(
        "code,id,description,currency,type,source,vat_inc,base,percent,rounding,ending,decimals,valid_from,valid_to\n\
         A,1,All,EUR,PROMO,STD,true,B,-10,0.05,-0.01,3,2024-01-01,2024-12-31\nB,,,EUR,,,,,,,,,,\n",
    );
    round::<PriceRow>(
        "price_list,product,quantity,price,poa,valid_from,valid_to\nA,1,12,2.5,false,2024-01-01,2024-12-31\nA,1,,,true,,\n",
    );
    round::<CategoryRow>("reference,id,name,parent\nroot,1,Root,\nleaf,,,root\n");
    round::<SegmentationRow>("reference,id,name\ns,1,S\n");
    round::<PaymentTypeRow>("reference,id,name\np,1,P\n");
    round::<RegionRow>("name,id,parent\nNorth,1,\nFar north,,North\n");
    round::<UserRow>("reference,id,username,name,email\nu,1,mo,Mo,mo@example.com\n");
    let columns = CustomerRow::COLUMNS.iter().map(|column| column.name).collect::<Vec<_>>();
    round::<CustomerRow>(&format!(
        "{}\nAB,7,A & B,2nd,c,true,P,false,s,e,1,2,3,\" two\nlines \",b,true,DE,Köln,1,\"A, 1\",50.9,6.9,FR,Paris,2,B,48.8,-2.3,\
         99.5,true,false,,u,30,2,cash|card,w,t,r,low,#00FF00,North,EUR,STD,GRP,5,0,true,false,false\nX{}\n",
        columns.join(","),
        ",".repeat(columns.len() - 1)
    ));
    round::<ContactRow>(
        "reference,id,customer,first_name,last_name,phone,phone2,mobile,fax,email,function,address,city,country,postal_code,comment\n\
         K1,3,AB,Ada,Müller,1,2,3,4,a@example.com,\"Buyer, spare parts\",\"A, 1\",Köln,DE,50667,\"two\nlines\"\nK2,,AB,,,,,,,,,,,,,\n",
    );
    round::<AgreedPriceRow>("customer,product,price,valid_from,valid_to\nAB,1,0,,2024-01-01\n");
    round::<CustomerPartNumberRow>("customer,product,part_number\nAB,1,-X\n");
    round::<OrderLineRow>(
        "order,line,kind,customer,created,status,currency,product,quantity,unit_price\n\
         O1,1,return,AB,2024-05-31,cancelled,EUR,1,-2,2.5\nO2,0,,AB,2024-05-31T23:30:00Z,,,1,0,\n",
    );
    round::<InvoiceLineRow>(
        "invoice,line,kind,customer,tax_point,currency,product,quantity,unit_price\nI1,1,C,AB,2024-05-31,EUR,1,-2,-2.5\n",
    );
}

#[test]
fn the_files_of_events_are_written_as_they_are_read() {
    round::<AccountRow>("number,id,name,state,customer\nACR1,A1,Main,SUSPENDED,AB\nACR2,,,,AB\n");
    round::<AccessTokenRow>(
        "identifier,pass_code,authentication_code,state,accounts_receivable,one_time_password\n\
         6666,9999,AUTH,NOT_EFFECTIVE,ACR1,123456\n7777,,,,ACR1,\n",
    );
    round::<ShownAccessTokenRow>(
        "identifier,authentication_code,state,accounts_receivable\n6666,AUTH,PENDING_VERIFICATION,ACR1\n",
    );
    round::<ParticipantRow>("number,id,accounts_receivable\n29,7,ACR1\n30,,ACR1\n");
    round::<ClassificationRow>("name,id,alternative_code\nRetail,C1,R\nOther,,\n");
    round::<UnitRow>(
        "name,id,group_name,community_name,alternative_code,description\nShop,U1,G,C,S,The shop\nDepot,,,,,\n",
    );
    round::<ProductTypeRow>(
        "name,id,alternative_code,description,classification,service_type,physical_good_type,composition_method,used_for_provisioning\n\
         Fees,6,006,One time,SERVICES,EXPENSE,,FLAT,false\nGoods,,,,PHYSICALGOODS,,NONTRACEABLE,FIXEDBUNDLE,\n",
    );
    round::<RatePeriodRow>(
        "id,currency,rate,inverse_rate,from_date,to_date\nR1,GBP,2.3,0.23000000417232513,2016-01-01,2016-12-31\nR2,USD,,,,\n",
    );
    round::<PurchaseRow>(
        "number,id,accounts_receivable,performed_on,created,rate_period,state,classification,description,reference_number,\
         external_system,external_system_reference_number,currency,performed_by_unit,created_by,updated,updated_by\n\
         5,E5,ACR1,2016-07-21T10:15:02Z,2016-07-22,R1,CANCELLED,Retail,\"A, b\",R-1,POS,P-1,EUR,Shop,u,2016-07-23T00:00:00,u\n\
         6,,ACR1,2016-07-21,,,,,,,,,,,,,\n",
    );
    round::<PurchaseLineRow>(
        "event,line,id,product,quantity,net_amount,vat_amount,total_amount\n5,1,L1,P,1.5,80,20,100\n5,2,,P,,,,\n",
    );
    round::<SpendRequestRow>(
        "number,event,performed_on,state,instant,automatic,spend_amount\n\
         S1,5,2016-07-21T11:00:00Z,CANCELLED,true,false,12.5\nS2,5,2016-07-22,,,,\n",
    );
}

#[test]
fn what_is_secret_is_shown_nowhere() {
    let text = b"identifier,pass_code,accounts_receivable,one_time_password\n6666,9999,A,31337\n7777,9998,A,31x38\n";
    let (rows, faults) = read::<AccessTokenRow>(text);
    let shown = format!("{rows:?} {faults:?}");
    assert_eq!((rows.len(), faults.len()), (1, 1), "{shown}");
    assert!(faults[0].starts_with("access_tokens.csv:3: one_time_password: cannot"), "{shown}");
    assert!(["9999", "9998", "31337", "31x38"].iter().all(|code| !shown.contains(code)), "{shown}");
}

#[test]
fn a_missing_column_differs_from_an_empty_cell() {
    use crate::csv::Column;
    let (rows, _) = read::<SegmentationRow>(b"\xEF\xBB\xBF name , reference\r\n,S1\r\n");
    let [(2, row)] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(
        (row.reference.as_str(), &row.id, &row.name),
        ("S1", &Column::Absent, &Column::Empty)
    );
}

#[test]
fn faults_name_file_line_and_column() {
    let prices = "unknown column; prices.csv has price_list, product, quantity, price, poa, valid_from, valid_to";
    for (text, expected) in [
        (&b""[..], vec!["prices.csv:1: the file is empty; it needs a header row with the columns price_list, product, quantity, price, poa, valid_from, valid_to".to_owned()]),
        (b"price_list,product,colour,\n", vec![
            format!("prices.csv:1: colour: {prices}"),
            format!("prices.csv:1: column 4: {prices}"),
        ]),
        (b"\n\nproduct,price,product\nA,1,A\n", vec![
            "prices.csv:3: product: the column is there twice".into(),
            "prices.csv:3: price_list: the column is missing".into(),
        ]),
        (b"price_list,product,price\nL,A\nL,A,1,5\nL,A,1\n", vec![
            "prices.csv:2: the row has 2 cells, the header 3 columns".into(),
            "prices.csv:3: the row has 4 cells, the header 3 columns; a cell that contains a comma must be quoted".into(),
        ]),
        (b"price_list,product,price,poa,quantity,valid_from\nL, ,1.1234567,maybe,1.5,2024-13-01\n", vec![
            "prices.csv:2: product: must not be empty".into(),
            "prices.csv:2: quantity: `1.5` is not a whole number that fits 32 bits".into(),
            "prices.csv:2: price: `1.1234567` has more than 6 decimals".into(),
            "prices.csv:2: poa: `maybe` is not true or false (1 or 0, Y or N)".into(),
            "prices.csv:2: valid_from: `2024-13-01` is not a date such as 2024-05-31".into(),
        ]),
        (b"price_list,product\nL,A\xFF\n\"L\"x,B\n\"L,C\n", vec![
            "prices.csv:2: product: is not UTF-8 text".into(),
            "prices.csv:3: text follows a closing quote".into(),
            "prices.csv:4: a quote is never closed".into(),
        ]),
        (b"\xFF\xFEp\0r\0\n", vec![
            "prices.csv:1: the name of column 1 is not UTF-8 text".into(),
            "prices.csv:1: price_list: the column is missing".into(),
            "prices.csv:1: product: the column is missing".into(),
        ]),
    ] {
        let (_, faults) = read::<PriceRow>(text);
        assert_eq!(faults, expected, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn the_columns_are_those_of_the_kind() {
    fn check<T: ReadRow>(required: &[&str]) {
        let starred: Vec<_> =
            T::COLUMNS.iter().filter(|column| column.required).map(|column| column.name).collect();
        assert_eq!(starred, required, "{}", T::KIND.file_name());
    }
    check::<CurrencyRow>(&["code"]);
    check::<ProductRow>(&["code"]);
    check::<PriceListRow>(&["code", "currency"]);
    check::<PriceRow>(&["price_list", "product"]);
    check::<CategoryRow>(&["reference"]);
    check::<SegmentationRow>(&["reference"]);
    check::<PaymentTypeRow>(&["reference"]);
    check::<RegionRow>(&["name"]);
    check::<UserRow>(&["reference"]);
    check::<CustomerRow>(&["reference"]);
    check::<ContactRow>(&["reference", "customer"]);
    check::<AgreedPriceRow>(&["customer", "product", "price"]);
    check::<CustomerPartNumberRow>(&["customer", "product", "part_number"]);
    check::<OrderLineRow>(&["order", "line", "customer", "created", "product", "quantity"]);
    check::<InvoiceLineRow>(&["invoice", "line", "customer", "tax_point", "product", "quantity"]);
    check::<AccountRow>(&["number", "customer"]);
    check::<AccessTokenRow>(&["identifier", "accounts_receivable"]);
    check::<ShownAccessTokenRow>(&["identifier", "accounts_receivable"]);
    check::<ParticipantRow>(&["number", "accounts_receivable"]);
    check::<ClassificationRow>(&["name"]);
    check::<UnitRow>(&["name"]);
    check::<ProductTypeRow>(&["name"]);
    check::<RatePeriodRow>(&["id", "currency"]);
    check::<PurchaseRow>(&["number", "accounts_receivable", "performed_on"]);
    check::<PurchaseLineRow>(&["event", "line", "product"]);
    check::<SpendRequestRow>(&["number", "event", "performed_on"]);
    assert_eq!(FileKind::ALL.len(), 25);
}

proptest! {
    #[test]
    fn no_input_panics_and_a_long_header_stays_short(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (_, faults) = read::<PriceRow>(&bytes);
        prop_assert!(faults.len() <= 500);
    }

    #[test]
    fn texts_survive(comment in "[ -~é\n\r\",]{0,20}[a-z]") {
        let mut row = read::<CustomerRow>(b"reference,comment\nA,x\n").0.remove(0).1;
        row.comment = crate::csv::Column::Given(comment);
        let again = read::<CustomerRow>(write(std::slice::from_ref(&row)).as_bytes()).0.remove(0).1;
        prop_assert_eq!(again.comment, row.comment);
    }
}
