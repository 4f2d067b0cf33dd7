//! One document of each kind, in both formats, as it goes over the wire.

/// The same body twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// In JSON.
    pub json: &'static str,
    /// In XML.
    pub xml: &'static str,
}

/// The standard price lists in pounds, of two products.
pub const PRICE_LIST_PARAMS: Example = Example {
    json: r#"{"CustomerIDs":[],"AccountNumbers":[],"ProductIDs":[],"ProductCodes":["22423","85123A"],"apiKey":"your-api-key","Currency":"GBP","ExcludeCustomerPrices":true}"#,
    xml: r#"<PriceListParams xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><CustomerIDs /><AccountNumbers /><ProductIDs /><ProductCodes><string>22423</string><string>85123A</string></ProductCodes><apiKey>your-api-key</apiKey><Currency>GBP</Currency><ExcludeCustomerPrices>true</ExcludeCustomerPrices></PriceListParams>"#,
};

/// A list with a quantity break and a promotion.
pub const PRICE_LISTS: Example = Example {
    json: r#"{"PriceDetail":[{"ID":1,"Currency":"GBP","Type":"NORMAL","Source":"STD","Description":"Trade list","VATInc":false,"Items":{"ItemPLDetail":[{"ID":1180,"Code":"22423","Q":1,"P":10.95,"W":12.75,"C":false,"POA":false},{"ID":1399,"Code":"85123A","Q":1,"P":2.95,"W":null,"C":false,"POA":false},{"ID":1399,"Code":"85123A","Q":32,"P":2.55,"W":null,"C":false,"POA":false}]},"PLCusts":null}]}"#,
    xml: r#"<PriceLists xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><PriceList><ID>1</ID><Currency>GBP</Currency><Type>NORMAL</Type><Source>STD</Source><Description>Trade list</Description><VATInc>false</VATInc><Items><Item><ID>1180</ID><Code>22423</Code><Q>1</Q><P>10.95</P><W>12.75</W><C>false</C><POA>false</POA></Item><Item><ID>1399</ID><Code>85123A</Code><Q>1</Q><P>2.95</P><C>false</C><POA>false</POA></Item><Item><ID>1399</ID><Code>85123A</Code><Q>32</Q><P>2.55</P><C>false</C><POA>false</POA></Item></Items></PriceList></PriceLists>"#,
};

/// One customer, by account number.
pub const CUSTOMER_CPA_PARAMS: Example = Example {
    json: r#"{"CustomerIDs":[],"AccountNumbers":["12748"],"apiKey":"your-api-key"}"#,
    xml: r#"<CustomerCPAParams xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><CustomerIDs /><AccountNumbers><string>12748</string></AccountNumbers><apiKey>your-api-key</apiKey></CustomerCPAParams>"#,
};

/// A customer with a discount and an agreed price.
pub const CPA_RULES_LIST: Example = Example {
    json: r#"{"CustCPARulesList":[{"ID":205,"AccountNo":"12748","Currency":"GBP","PriceListID":7,"PriceListName":"Hartley & Daughters Gifts","PriceListStandard":1,"NormalDisc":7.5,"AlwaysGetsBulk":"N","NeverGetsBulk":"N","MarkupOnCost":null,"CPARules":[{"ID":1399,"Code":"85123A","Price":2.1}]}]}"#,
    xml: r#"<CPARulesList xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><CPACustomer><ID>205</ID><AccountNo>12748</AccountNo><Currency>GBP</Currency><PriceListID>7</PriceListID><PriceListName>Hartley &amp; Daughters Gifts</PriceListName><PriceListStandard>1</PriceListStandard><NormalDisc>7.5</NormalDisc><AlwaysGetsBulk>N</AlwaysGetsBulk><NeverGetsBulk>N</NeverGetsBulk><CPARules><CPARule><ID>1399</ID><Code>85123A</Code><Price>2.1</Price></CPARule></CPARules></CPACustomer></CPARulesList>"#,
};

/// What a customer was invoiced for in the last twelve months.
pub const CUSTOMER_BUYING_REPORT_PARAMS: Example = Example {
    json: r#"{"apiKey":"your-api-key","CustomerID":205,"AccountNo":"","BasedOn":"I","MonthsBack":12,"WeeksUntilAvailable":0}"#,
    xml: r#"<CustomerBuyingReportParams xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><apiKey>your-api-key</apiKey><CustomerID>205</CustomerID><AccountNo /><BasedOn>I</BasedOn><MonthsBack>12</MonthsBack><WeeksUntilAvailable>0</WeeksUntilAvailable></CustomerBuyingReportParams>"#,
};

/// An item in stock, and one that will be.
pub const BUYING_REPORT: Example = Example {
    json: r#"{"BuyingReportList":[{"ID":1180,"Code":"22423","Description":"REGENCY CAKESTAND 3 TIER","CustPartNo":null,"Barcode":null,"EPOSBarcode":null,"Qty":6,"LastInvoiced":"20111102","NextAvail":"20111224"},{"ID":1399,"Code":"85123A","Description":"WHITE HANGING HEART T-LIGHT HOLDER","CustPartNo":"HEART-1","Barcode":"5012345678900","EPOSBarcode":"5012345678900","Qty":24,"LastInvoiced":"20111201","NextAvail":null}]}"#,
    xml: r#"<BuyingReport xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><BuyingReportItem><ID>1180</ID><Code>22423</Code><Description>REGENCY CAKESTAND 3 TIER</Description><Qty>6</Qty><LastInvoiced>20111102</LastInvoiced><NextAvail>20111224</NextAvail></BuyingReportItem><BuyingReportItem><ID>1399</ID><Code>85123A</Code><Description>WHITE HANGING HEART T-LIGHT HOLDER</Description><CustPartNo>HEART-1</CustPartNo><Barcode>5012345678900</Barcode><EPOSBarcode>5012345678900</EPOSBarcode><Qty>24</Qty><LastInvoiced>20111201</LastInvoiced></BuyingReportItem></BuyingReport>"#,
};

/// A currency that is none.
pub const ERROR: Example = Example {
    json: r#"{"Message":"The request is invalid.","ModelState":{"Currency":["The field Currency must be a string or array type with a maximum length of '3'."]}}"#,
    xml: r#"<Error><Message>The request is invalid.</Message><ModelState><Currency>The field Currency must be a string or array type with a maximum length of '3'.</Currency></ModelState></Error>"#,
};
