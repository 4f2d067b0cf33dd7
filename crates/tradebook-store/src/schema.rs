//! The tables as diesel sees them, the same on every database.

diesel::table! {
    organizations (id) {
        id -> Integer,
        name -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    organization_settings (organization_id, name) {
        organization_id -> Integer,
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    id_sequences (organization_id, kind) {
        organization_id -> Integer,
        kind -> Text,
        next_id -> BigInt,
    }
}

diesel::table! {
    server_state (id) {
        id -> Integer,
        key_secret -> Binary,
        keys_revision -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Integer,
        organization_id -> Integer,
        hash -> Binary,
        role -> Text,
        label -> Nullable<Text>,
        user_reference -> Nullable<Text>,
        created_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    currencies (organization_id, code) {
        organization_id -> Integer,
        code -> Text,
        name -> Nullable<Text>,
        exchange_rate -> Nullable<Text>,
        prefix_symbol -> Nullable<Text>,
        suffix_symbol -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    categories (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        name -> Nullable<Text>,
        parent_id -> Nullable<Integer>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    segmentations (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        name -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    payment_types (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        name -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    regions (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        name -> Text,
        parent_id -> Nullable<Integer>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    users (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        username -> Nullable<Text>,
        name -> Nullable<Text>,
        email -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    products (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        code -> Text,
        description -> Nullable<Text>,
        status -> SmallInt,
        barcode -> Nullable<Text>,
        inner_barcode -> Nullable<Text>,
        outer_barcode -> Nullable<Text>,
        epos_barcode -> Nullable<Text>,
        cost -> Nullable<BigInt>,
        vat_rate -> Nullable<BigInt>,
        available -> Integer,
        next_available -> Nullable<Integer>,
        product_type -> Nullable<Text>,
        alternative_code -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    price_lists (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        code -> Text,
        description -> Nullable<Text>,
        currency -> Text,
        list_type -> Text,
        source -> Text,
        vat_inc -> Bool,
        base_id -> Nullable<Integer>,
        percent -> Nullable<BigInt>,
        rounding -> Nullable<BigInt>,
        ending -> Nullable<BigInt>,
        decimals -> Nullable<SmallInt>,
        valid_from -> Nullable<Integer>,
        valid_to -> Nullable<Integer>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    prices (organization_id, list_id, product_id, quantity, valid_from) {
        organization_id -> Integer,
        list_id -> Integer,
        product_id -> Integer,
        quantity -> Integer,
        valid_from -> Integer,
        valid_to -> Nullable<Integer>,
        amount -> Nullable<BigInt>,
        touched -> BigInt,
    }
}

diesel::table! {
    customers (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        name -> Text,
        currency -> Text,
        standard_list_id -> Nullable<Integer>,
        group_list_id -> Nullable<Integer>,
        normal_discount -> Nullable<BigInt>,
        markup_on_cost -> Nullable<BigInt>,
        bulk -> SmallInt,
        promotions -> Bool,
        own_list_id -> Nullable<Integer>,
        reference2 -> Nullable<Text>,
        category_id -> Nullable<Integer>,
        is_sub_customer -> Bool,
        parent_id -> Nullable<Integer>,
        bill_with_parent -> Bool,
        segmentation_id -> Nullable<Integer>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        mobile -> Nullable<Text>,
        fax -> Nullable<Text>,
        comment -> Nullable<Text>,
        barcode -> Nullable<Text>,
        is_same_address -> Bool,
        billing_country -> Nullable<Text>,
        billing_city -> Nullable<Text>,
        billing_postal_code -> Nullable<Text>,
        billing_address -> Nullable<Text>,
        billing_latitude -> Nullable<Double>,
        billing_longitude -> Nullable<Double>,
        shipping_country -> Nullable<Text>,
        shipping_city -> Nullable<Text>,
        shipping_postal_code -> Nullable<Text>,
        shipping_address -> Nullable<Text>,
        shipping_latitude -> Nullable<Double>,
        shipping_longitude -> Nullable<Double>,
        credit_limit -> Nullable<BigInt>,
        is_active -> Bool,
        on_hold -> Bool,
        on_hold_reason -> Nullable<Text>,
        user_id -> Nullable<Integer>,
        due_date_config_number -> Nullable<Integer>,
        due_date_config_type -> Nullable<SmallInt>,
        website -> Nullable<Text>,
        tax_number -> Nullable<Text>,
        company_registration_number -> Nullable<Text>,
        customer_risk -> Nullable<Text>,
        customer_risk_color -> Nullable<Text>,
        region_id -> Nullable<Integer>,
        date_created -> BigInt,
        last_updated -> BigInt,
        version -> BigInt,
        touched -> BigInt,
        search_name -> Nullable<Text>,
        search_reference -> Nullable<Text>,
        logo -> Nullable<Text>,
    }
}

diesel::table! {
    customer_counts (organization_id) {
        organization_id -> Integer,
        customers -> BigInt,
        active -> BigInt,
    }
}

diesel::table! {
    contacts (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        reference -> Text,
        customer_id -> Integer,
        first_name -> Nullable<Text>,
        last_name -> Nullable<Text>,
        phone -> Nullable<Text>,
        phone2 -> Nullable<Text>,
        mobile -> Nullable<Text>,
        fax -> Nullable<Text>,
        email -> Nullable<Text>,
        job -> Nullable<Text>,
        address -> Nullable<Text>,
        city -> Nullable<Text>,
        country -> Nullable<Text>,
        postal_code -> Nullable<Text>,
        comment -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    image_folders (organization_id) {
        organization_id -> Integer,
        number -> BigInt,
    }
}

diesel::table! {
    sessions (hash) {
        hash -> Binary,
        organization_id -> Integer,
        user_id -> Integer,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    sign_in_failures (name_hash) {
        name_hash -> Binary,
        failures -> Integer,
        last_at -> BigInt,
        blocked_until -> BigInt,
    }
}

diesel::table! {
    kept_answers (organization_id, retry_key) {
        organization_id -> Integer,
        retry_key -> Text,
        request_hash -> Binary,
        status -> SmallInt,
        body -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    customer_payment_types (organization_id, customer_id, payment_type_id) {
        organization_id -> Integer,
        customer_id -> Integer,
        payment_type_id -> Integer,
        position -> SmallInt,
    }
}

diesel::table! {
    agreed_prices (organization_id, customer_id, product_id, valid_from) {
        organization_id -> Integer,
        customer_id -> Integer,
        product_id -> Integer,
        valid_from -> Integer,
        valid_to -> Nullable<Integer>,
        price -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    customer_part_numbers (organization_id, customer_id, product_id) {
        organization_id -> Integer,
        customer_id -> Integer,
        product_id -> Integer,
        part_number -> Text,
        touched -> BigInt,
    }
}

diesel::table! {
    ledger_documents (organization_id, ledger, id) {
        organization_id -> Integer,
        ledger -> SmallInt,
        id -> BigInt,
        number -> Text,
        kind -> SmallInt,
        status -> SmallInt,
        customer_id -> Integer,
        date -> Integer,
        currency -> Nullable<Text>,
        touched -> BigInt,
    }
}

diesel::table! {
    ledger_lines (organization_id, ledger, document_id, line) {
        organization_id -> Integer,
        ledger -> SmallInt,
        document_id -> BigInt,
        line -> Integer,
        kind -> SmallInt,
        status -> SmallInt,
        customer_id -> Integer,
        date -> Integer,
        product_id -> Integer,
        quantity -> Integer,
        unit_price -> Nullable<BigInt>,
        touched -> BigInt,
    }
}

diesel::table! {
    product_types (organization_id, name) {
        organization_id -> Integer,
        name -> Text,
        opaque_id -> Text,
        alternative_code -> Nullable<Text>,
        description -> Nullable<Text>,
        classification -> Nullable<Text>,
        service_type -> Nullable<Text>,
        physical_good_type -> Nullable<Text>,
        composition_method -> Nullable<Text>,
        used_for_provisioning -> Nullable<Bool>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    classifications (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        opaque_id -> Text,
        name -> Text,
        alternative_code -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    unfinished_imports (organization_id) {
        organization_id -> Integer,
        first_document -> BigInt,
        first_touch -> BigInt,
    }
}

diesel::table! {
    units (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        opaque_id -> Text,
        name -> Text,
        group_name -> Nullable<Text>,
        community_name -> Nullable<Text>,
        alternative_code -> Nullable<Text>,
        description -> Nullable<Text>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    currency_rate_periods (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        opaque_id -> Text,
        currency -> Text,
        rate -> Nullable<Text>,
        inverse_rate -> Nullable<Text>,
        from_date -> Nullable<Integer>,
        to_date -> Nullable<Integer>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    accounts_receivable (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        opaque_id -> Text,
        number -> Text,
        name -> Nullable<Text>,
        state -> Text,
        customer_id -> Integer,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    access_tokens (organization_id, identifier) {
        organization_id -> Integer,
        identifier -> Text,
        account_id -> Integer,
        state -> Text,
        authentication_code -> Nullable<Text>,
        pass_code -> Nullable<Binary>,
        one_time_password -> Nullable<Binary>,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    rewards_participants (organization_id, id) {
        organization_id -> Integer,
        id -> Integer,
        number -> Text,
        account_id -> Integer,
        version -> BigInt,
        touched -> BigInt,
    }
}

diesel::table! {
    purchase_events (organization_id, id) {
        organization_id -> Integer,
        id -> BigInt,
        opaque_id -> Text,
        number -> Text,
        account_id -> Integer,
        classification_id -> Nullable<Integer>,
        performed_on -> BigInt,
        created -> BigInt,
        updated -> Nullable<BigInt>,
        created_by -> Nullable<Integer>,
        updated_by -> Nullable<Integer>,
        cancelled -> Bool,
        unit_id -> Nullable<Integer>,
        rate_period_id -> Nullable<Integer>,
        currency -> Nullable<Text>,
        description -> Nullable<Text>,
        reference_number -> Nullable<Text>,
        external_system -> Nullable<Text>,
        external_system_reference_number -> Nullable<Text>,
        touched -> BigInt,
    }
}

diesel::table! {
    purchase_event_products (organization_id, event_id, line) {
        organization_id -> Integer,
        event_id -> BigInt,
        line -> Integer,
        opaque_id -> Nullable<Text>,
        product_id -> Integer,
        quantity -> Nullable<BigInt>,
        net_amount -> Nullable<BigInt>,
        vat_amount -> Nullable<BigInt>,
        total_amount -> Nullable<BigInt>,
        touched -> BigInt,
    }
}

diesel::table! {
    spend_requests (organization_id, number) {
        organization_id -> Integer,
        number -> Text,
        event_id -> BigInt,
        performed_on -> BigInt,
        cancelled -> Bool,
        instant -> Bool,
        automatic -> Bool,
        amount -> Nullable<BigInt>,
        touched -> BigInt,
    }
}

diesel::table! {
    event_tokens (hash) {
        hash -> Binary,
        organization_id -> Integer,
        user_id -> Nullable<Integer>,
        key_id -> Nullable<Integer>,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    access_tokens,
    accounts_receivable,
    agreed_prices,
    api_keys,
    categories,
    classifications,
    contacts,
    currencies,
    currency_rate_periods,
    customer_counts,
    customer_part_numbers,
    customer_payment_types,
    customers,
    event_tokens,
    id_sequences,
    image_folders,
    kept_answers,
    ledger_documents,
    ledger_lines,
    organization_settings,
    organizations,
    payment_types,
    price_lists,
    prices,
    product_types,
    products,
    purchase_event_products,
    purchase_events,
    regions,
    rewards_participants,
    segmentations,
    server_state,
    sessions,
    sign_in_failures,
    spend_requests,
    unfinished_imports,
    units,
    users,
);
