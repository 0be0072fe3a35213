using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portal.Database.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "installation",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    system_key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    wrapped_system_secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_installation", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "installation_keys",
                columns: table => new
                {
                    reference = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    subject_public_key_info = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_installation_keys", x => x.reference);
                });

            migrationBuilder.CreateTable(
                name: "organisations",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    signing_keys = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    encryption_keys = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    own_key_store = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    signing_key_store = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    opening_key_store = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    issuing_authority_id = table.Column<Guid>(type: "uuid", nullable: true),
                    certificate_days = table.Column<int>(type: "integer", nullable: false),
                    allows_signed_only = table.Column<bool>(type: "boolean", nullable: false),
                    allows_unprotected = table.Column<bool>(type: "boolean", nullable: false),
                    allows_key_export = table.Column<bool>(type: "boolean", nullable: false),
                    publishes_certificates = table.Column<bool>(type: "boolean", nullable: false),
                    unknown_software = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    outsiders = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    link_days = table.Column<int>(type: "integer", nullable: false),
                    reader_reach = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    gives_originals = table.Column<bool>(type: "boolean", nullable: false),
                    demands_pass_phrase = table.Column<bool>(type: "boolean", nullable: false),
                    demands_own_proof = table.Column<bool>(type: "boolean", nullable: false),
                    device_days = table.Column<int>(type: "integer", nullable: false),
                    reminder_days = table.Column<int>(type: "integer", nullable: false),
                    second_factor = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    most_people = table.Column<int>(type: "integer", nullable: true),
                    most_mailbox_bytes = table.Column<long>(type: "bigint", nullable: true),
                    most_total_bytes = table.Column<long>(type: "bigint", nullable: true),
                    most_message_bytes = table.Column<long>(type: "bigint", nullable: true),
                    most_recipients = table.Column<int>(type: "integer", nullable: true),
                    most_messages_per_day = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "protection_keys",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_protection_keys", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "sealed_private_keys",
                columns: table => new
                {
                    reference = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    store = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    master_key = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sealed_private_keys", x => x.reference);
                });

            migrationBuilder.CreateTable(
                name: "wrapped_master_keys",
                columns: table => new
                {
                    fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    wrapped_by = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    wrapped = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_wrapped_master_keys", x => x.fingerprint);
                });

            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    email = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    normalised_email = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    display_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    roles = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    administrator_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    language = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    time_zone = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    recovery_email = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_sign_in_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    locked_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    failed_sign_ins = table.Column<int>(type: "integer", nullable: false),
                    disabled = table.Column<bool>(type: "boolean", nullable: false),
                    uses_authenticator = table.Column<bool>(type: "boolean", nullable: false),
                    password_hash = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: true),
                    sealed_authenticator_key = table.Column<byte[]>(type: "bytea", maxLength: 1000, nullable: true),
                    sealed_recovery_codes = table.Column<byte[]>(type: "bytea", maxLength: 4000, nullable: true),
                    used_codes = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    security_stamp = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                    table.ForeignKey(
                        name: "fk_accounts_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "approvals",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_by = table.Column<Guid>(type: "uuid", nullable: false),
                    asked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    decided_by = table.Column<Guid>(type: "uuid", nullable: true),
                    decided_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_approvals", x => x.id);
                    table.ForeignKey(
                        name: "fk_approvals_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "audit_chains",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    last_sequence = table.Column<long>(type: "bigint", nullable: false),
                    last_hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_chains", x => x.organisation_id);
                    table.ForeignKey(
                        name: "fk_audit_chains_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "brand_logos",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    media_type = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_brand_logos", x => x.organisation_id);
                    table.ForeignKey(
                        name: "fk_brand_logos_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "brands",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    accent = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: true),
                    host_name = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: true),
                    logo_version = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    texts_json = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_brands", x => x.organisation_id);
                    table.ForeignKey(
                        name: "fk_brands_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "checkpoint_states",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    written_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    failing_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    problem = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_checkpoint_states", x => x.organisation_id);
                    table.ForeignKey(
                        name: "fk_checkpoint_states_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "evidence_files",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_evidence_files", x => new { x.organisation_id, x.sha256 });
                    table.ForeignKey(
                        name: "fk_evidence_files_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "fetched_files",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    question = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    address = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    content = table.Column<byte[]>(type: "bytea", nullable: true),
                    version = table.Column<int>(type: "integer", nullable: false),
                    next_update = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    asked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    tried_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_fetched_files", x => x.id);
                    table.ForeignKey(
                        name: "fk_fetched_files_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "foreign_authorities",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    encoded = table.Column<byte[]>(type: "bytea", nullable: false),
                    fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    standing = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    domains = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    revocation = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    revocation_list = table.Column<byte[]>(type: "bytea", nullable: true),
                    above = table.Column<byte[]>(type: "bytea", nullable: false),
                    sender_domain = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    seen = table.Column<int>(type: "integer", nullable: false),
                    first_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    decided_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_foreign_authorities", x => x.id);
                    table.ForeignKey(
                        name: "fk_foreign_authorities_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "issuance_batches",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    scope = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    trouble = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_issuance_batches", x => x.id);
                    table.ForeignKey(
                        name: "fk_issuance_batches_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ldap_directories",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_settings = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ldap_directories", x => x.id);
                    table.ForeignKey(
                        name: "fk_ldap_directories_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mailboxes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    normalised_address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    display_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailboxes", x => x.id);
                    table.ForeignKey(
                        name: "fk_mailboxes_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "managed_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reader_id = table.Column<Guid>(type: "uuid", nullable: true),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    algorithm = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    store = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    name = table.Column<string>(type: "character varying(127)", maxLength: 127, nullable: false),
                    key_version = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    subject_public_key_info = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    replaced_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    disabled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    destroyed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    used_on = table.Column<DateOnly>(type: "date", nullable: true),
                    uses_that_day = table.Column<int>(type: "integer", nullable: false),
                    failed_unwraps = table.Column<int>(type: "integer", nullable: false),
                    failing_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    rests_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    refused_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    refusal = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_managed_keys", x => x.id);
                    table.ForeignKey(
                        name: "fk_managed_keys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "organisation_domains",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    token = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    proved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    proof = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    looked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    missing_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation_domains", x => x.id);
                    table.ForeignKey(
                        name: "fk_organisation_domains_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "readers",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address_token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    sealed_address = table.Column<byte[]>(type: "bytea", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    language = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    sealed_phrase = table.Column<byte[]>(type: "bytea", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    closed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    sealed_app_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    app_confirmed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    app_step = table.Column<long>(type: "bigint", nullable: false),
                    app_tries = table.Column<int>(type: "integer", nullable: false),
                    app_tries_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    passkey_round = table.Column<long>(type: "bigint", nullable: false),
                    passkey_tries = table.Column<int>(type: "integer", nullable: false),
                    passkey_tries_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_readers", x => x.id);
                    table.ForeignKey(
                        name: "fk_readers_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "work_items",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    leased_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    token = table.Column<long>(type: "bigint", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    trace_parent = table.Column<string>(type: "character varying(55)", maxLength: 55, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_work_items", x => x.id);
                    table.ForeignKey(
                        name: "fk_work_items_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "account_passkeys",
                columns: table => new
                {
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1023, nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    public_key = table.Column<byte[]>(type: "bytea", maxLength: 2000, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    sign_count = table.Column<long>(type: "bigint", nullable: false),
                    transports = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_user_verified = table.Column<bool>(type: "boolean", nullable: false),
                    is_backup_eligible = table.Column<bool>(type: "boolean", nullable: false),
                    is_backed_up = table.Column<bool>(type: "boolean", nullable: false),
                    attestation_object = table.Column<byte[]>(type: "bytea", nullable: false),
                    client_data = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_passkeys", x => x.credential_id);
                    table.ForeignKey(
                        name: "fk_account_passkeys_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_account_passkeys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "account_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    browser = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    network = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    second_factor = table.Column<bool>(type: "boolean", nullable: false),
                    began_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_sessions_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_account_sessions_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "list_entries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    action = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    sealed_content = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_by = table.Column<Guid>(type: "uuid", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_list_entries", x => x.id);
                    table.ForeignKey(
                        name: "fk_list_entries_accounts_created_by",
                        column: x => x.created_by,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_list_entries_accounts_owner_id",
                        column: x => x.owner_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_list_entries_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "one_time_links",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    email = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: true),
                    display_name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    roles = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    resets_second_factors = table.Column<bool>(type: "boolean", nullable: false),
                    token_sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_one_time_links", x => x.id);
                    table.ForeignKey(
                        name: "fk_one_time_links_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_one_time_links_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outgoing_rules",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    is_on = table.Column<bool>(type: "boolean", nullable: false),
                    definition = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    changed_by = table.Column<Guid>(type: "uuid", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outgoing_rules", x => x.id);
                    table.ForeignKey(
                        name: "fk_outgoing_rules_accounts_changed_by",
                        column: x => x.changed_by,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_outgoing_rules_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "signing_permits",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<Guid>(type: "uuid", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: false),
                    not_before = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    given_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_signing_permits", x => x.id);
                    table.ForeignKey(
                        name: "fk_signing_permits_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_signing_permits_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    at_microseconds = table.Column<long>(type: "bigint", nullable: false),
                    actor = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    action = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    subject = table.Column<Guid>(type: "uuid", nullable: true),
                    detail = table.Column<string>(type: "character varying(8000)", maxLength: 8000, nullable: false),
                    previous_hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_audit_entries", x => new { x.organisation_id, x.sequence });
                    table.ForeignKey(
                        name: "fk_audit_entries_audit_chains_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "audit_chains",
                        principalColumn: "organisation_id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_audit_entries_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "issuance_lines",
                columns: table => new
                {
                    batch_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    text = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: true),
                    outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    words = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_issuance_lines", x => new { x.batch_id, x.number });
                    table.ForeignKey(
                        name: "fk_issuance_lines_issuance_batches_batch_id",
                        column: x => x.batch_id,
                        principalTable: "issuance_batches",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_issuance_lines_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "blobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: true),
                    pieces = table.Column<int>(type: "integer", nullable: false),
                    is_complete = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_blobs", x => x.id);
                    table.ForeignKey(
                        name: "fk_blobs_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_blobs_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "drafts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_content = table.Column<byte[]>(type: "bytea", nullable: false),
                    answers_id = table.Column<Guid>(type: "uuid", nullable: true),
                    saved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    send_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    send_choice = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    send_confirmed = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_drafts", x => x.id);
                    table.ForeignKey(
                        name: "fk_drafts_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_drafts_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "folders",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_folders", x => x.id);
                    table.ForeignKey(
                        name: "fk_folders_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_folders_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mail_accounts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_settings = table.Column<byte[]>(type: "bytea", nullable: false),
                    uid_validity = table.Column<long>(type: "bigint", nullable: true),
                    last_uid = table.Column<long>(type: "bigint", nullable: false),
                    last_fetch_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    sealed_problem = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mail_accounts", x => x.id);
                    table.ForeignKey(
                        name: "fk_mail_accounts_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_mail_accounts_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "mailbox_data_keys",
                columns: table => new
                {
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_mailbox_data_keys", x => x.mailbox_id);
                    table.ForeignKey(
                        name: "fk_mailbox_data_keys_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_mailbox_data_keys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "secure_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sent_copy_id = table.Column<Guid>(type: "uuid", nullable: true),
                    author_id = table.Column<Guid>(type: "uuid", nullable: true),
                    conversation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id_token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    written_token = table.Column<byte[]>(type: "bytea", nullable: true),
                    content_id = table.Column<Guid>(type: "uuid", nullable: true),
                    sealed_report = table.Column<byte[]>(type: "bytea", nullable: false),
                    sealed_sender = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    recalled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    pass_phrase_hash = table.Column<byte[]>(type: "bytea", nullable: true),
                    asks_own_proof = table.Column<bool>(type: "boolean", nullable: false),
                    opens_once = table.Column<bool>(type: "boolean", nullable: false),
                    forbids_downloads = table.Column<bool>(type: "boolean", nullable: false),
                    has_watermark = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secure_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_secure_messages_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_secure_messages_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "certificates",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    owner_id = table.Column<Guid>(type: "uuid", nullable: true),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    issuer_id = table.Column<Guid>(type: "uuid", nullable: true),
                    partition = table.Column<int>(type: "integer", nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    source = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    serial_number = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    names = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: true),
                    encoded = table.Column<byte[]>(type: "bytea", nullable: true),
                    request = table.Column<byte[]>(type: "bytea", nullable: true),
                    above = table.Column<byte[]>(type: "bytea", nullable: true),
                    issuer_serial_key = table.Column<string>(type: "character varying(160)", maxLength: 160, nullable: true),
                    subject_key_identifier_key = table.Column<string>(type: "character varying(160)", maxLength: 160, nullable: true),
                    capabilities = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                    capabilities_signed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    not_before = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    not_after = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    alerted_days = table.Column<int>(type: "integer", nullable: true),
                    standing_changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    messages_signed = table.Column<int>(type: "integer", nullable: false),
                    messages_encrypted = table.Column<int>(type: "integer", nullable: false),
                    first_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revocation_reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_certificates", x => x.id);
                    table.ForeignKey(
                        name: "fk_certificates_managed_keys_key_id",
                        column: x => x.key_id,
                        principalTable: "managed_keys",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_certificates_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "organisation_data_keys",
                columns: table => new
                {
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wrapping_key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    wrapped_secret = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_organisation_data_keys", x => x.organisation_id);
                    table.ForeignKey(
                        name: "fk_organisation_data_keys_managed_keys_wrapping_key_id",
                        column: x => x.wrapping_key_id,
                        principalTable: "managed_keys",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_organisation_data_keys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "domain_keys",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    domain_id = table.Column<Guid>(type: "uuid", nullable: false),
                    selector = table.Column<string>(type: "character varying(63)", maxLength: 63, nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    signing_since = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    retired_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_domain_keys", x => x.id);
                    table.ForeignKey(
                        name: "fk_domain_keys_organisation_domains_domain_id",
                        column: x => x.domain_id,
                        principalTable: "organisation_domains",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_domain_keys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "reader_codes",
                columns: table => new
                {
                    reader_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    hour_began_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    sent_that_hour = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_codes", x => x.reader_id);
                    table.ForeignKey(
                        name: "fk_reader_codes_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_codes_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reader_devices",
                columns: table => new
                {
                    token_sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reader_id = table.Column<Guid>(type: "uuid", nullable: false),
                    browser = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_devices", x => x.token_sha256);
                    table.ForeignKey(
                        name: "fk_reader_devices_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_devices_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reader_passkeys",
                columns: table => new
                {
                    reader_id = table.Column<Guid>(type: "uuid", nullable: false),
                    credential_id = table.Column<byte[]>(type: "bytea", maxLength: 1023, nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    host = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: false),
                    name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    public_key = table.Column<byte[]>(type: "bytea", maxLength: 2000, nullable: false),
                    sign_count = table.Column<long>(type: "bigint", nullable: false),
                    transports = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    is_backup_eligible = table.Column<bool>(type: "boolean", nullable: false),
                    is_backed_up = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_passkeys", x => new { x.reader_id, x.credential_id });
                    table.ForeignKey(
                        name: "fk_reader_passkeys_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_passkeys_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reader_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reader_id = table.Column<Guid>(type: "uuid", nullable: false),
                    token_sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    browser = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    network = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    proof = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    began_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_seen_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_reader_sessions_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_sessions_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "blob_pieces",
                columns: table => new
                {
                    blob_id = table.Column<Guid>(type: "uuid", nullable: false),
                    index = table.Column<int>(type: "integer", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    bytes = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_blob_pieces", x => new { x.blob_id, x.index });
                    table.ForeignKey(
                        name: "fk_blob_pieces_blobs_blob_id",
                        column: x => x.blob_id,
                        principalTable: "blobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_blob_pieces_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "large_files",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sent_copy_id = table.Column<Guid>(type: "uuid", nullable: true),
                    secure_message_id = table.Column<Guid>(type: "uuid", nullable: true),
                    content_id = table.Column<Guid>(type: "uuid", nullable: true),
                    token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_name = table.Column<byte[]>(type: "bytea", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    recalled_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    downloads = table.Column<int>(type: "integer", nullable: false),
                    last_downloaded_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_large_files", x => x.id);
                    table.ForeignKey(
                        name: "fk_large_files_blobs_content_id",
                        column: x => x.content_id,
                        principalTable: "blobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_large_files_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_large_files_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "outbox_messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sender_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sent_copy_id = table.Column<Guid>(type: "uuid", nullable: true),
                    content_id = table.Column<Guid>(type: "uuid", nullable: true),
                    content_sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: false),
                    is_notice = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_outbox_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_outbox_messages_blobs_content_id",
                        column: x => x.content_id,
                        principalTable: "blobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_outbox_messages_mailboxes_sender_id",
                        column: x => x.sender_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_outbox_messages_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "draft_attachments",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    draft_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content_id = table.Column<Guid>(type: "uuid", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    sealed_description = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_whole = table.Column<bool>(type: "boolean", nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_draft_attachments", x => x.id);
                    table.ForeignKey(
                        name: "fk_draft_attachments_blobs_content_id",
                        column: x => x.content_id,
                        principalTable: "blobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_draft_attachments_drafts_draft_id",
                        column: x => x.draft_id,
                        principalTable: "drafts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_draft_attachments_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "messages",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    folder_id = table.Column<Guid>(type: "uuid", nullable: false),
                    raw_id = table.Column<Guid>(type: "uuid", nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    waits_for = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    verdict = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    encrypted = table.Column<bool>(type: "boolean", nullable: false),
                    has_attachments = table.Column<bool>(type: "boolean", nullable: false),
                    is_read = table.Column<bool>(type: "boolean", nullable: false),
                    sealed_listing = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_judgement = table.Column<byte[]>(type: "bytea", nullable: true),
                    sealed_content_keys = table.Column<byte[]>(type: "bytea", nullable: true),
                    mail_account_id = table.Column<Guid>(type: "uuid", nullable: true),
                    remote_folder = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    uid_validity = table.Column<long>(type: "bigint", nullable: true),
                    uid = table.Column<long>(type: "bigint", nullable: true),
                    content_token = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    writer_proof = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_messages", x => x.id);
                    table.ForeignKey(
                        name: "fk_messages_blobs_raw_id",
                        column: x => x.raw_id,
                        principalTable: "blobs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_messages_folders_folder_id",
                        column: x => x.folder_id,
                        principalTable: "folders",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_messages_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_messages_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "secure_links",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_address = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    is_group = table.Column<bool>(type: "boolean", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: true),
                    reader_id = table.Column<Guid>(type: "uuid", nullable: true),
                    token_sha256 = table.Column<byte[]>(type: "bytea", maxLength: 32, nullable: true),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    notice_id = table.Column<Guid>(type: "uuid", nullable: true),
                    noticed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ready_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    first_opened_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    last_opened_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    openings = table.Column<int>(type: "integer", nullable: false),
                    phrase_tries = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_secure_links", x => x.id);
                    table.ForeignKey(
                        name: "fk_secure_links_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_secure_links_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_secure_links_secure_links_group_id",
                        column: x => x.group_id,
                        principalTable: "secure_links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_secure_links_secure_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "secure_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "revocation_lists",
                columns: table => new
                {
                    authority_id = table.Column<Guid>(type: "uuid", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    encoded = table.Column<byte[]>(type: "bytea", nullable: false),
                    this_update = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    next_update = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_revocation_lists", x => new { x.authority_id, x.partition, x.number });
                    table.ForeignKey(
                        name: "fk_revocation_lists_certificates_authority_id",
                        column: x => x.authority_id,
                        principalTable: "certificates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_revocation_lists_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "revocation_partitions",
                columns: table => new
                {
                    authority_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    certificates = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_revocation_partitions", x => new { x.authority_id, x.number });
                    table.ForeignKey(
                        name: "fk_revocation_partitions_certificates_authority_id",
                        column: x => x.authority_id,
                        principalTable: "certificates",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_revocation_partitions_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "deliveries",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    outbox_message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_address = table.Column<byte[]>(type: "bytea", nullable: false),
                    protection = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    next_attempt_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    sealed_answer = table.Column<byte[]>(type: "bytea", nullable: true),
                    last_failure = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    possible_duplicate = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_deliveries", x => x.id);
                    table.ForeignKey(
                        name: "fk_deliveries_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_deliveries_outbox_messages_outbox_message_id",
                        column: x => x.outbox_message_id,
                        principalTable: "outbox_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "signature_judgements",
                columns: table => new
                {
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    authority_id = table.Column<Guid>(type: "uuid", nullable: true),
                    judged_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    sealed_evidence = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_signature_judgements", x => x.message_id);
                    table.ForeignKey(
                        name: "fk_signature_judgements_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_signature_judgements_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "link_openings",
                columns: table => new
                {
                    link_id = table.Column<Guid>(type: "uuid", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    proof = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    opened_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    downloads = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_link_openings", x => new { x.link_id, x.session_id });
                    table.ForeignKey(
                        name: "fk_link_openings_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_link_openings_secure_links_link_id",
                        column: x => x.link_id,
                        principalTable: "secure_links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reader_drafts",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    reader_id = table.Column<Guid>(type: "uuid", nullable: false),
                    answers_id = table.Column<Guid>(type: "uuid", nullable: true),
                    mailbox_id = table.Column<Guid>(type: "uuid", nullable: false),
                    sealed_content = table.Column<byte[]>(type: "bytea", nullable: false),
                    saved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_drafts", x => x.id);
                    table.ForeignKey(
                        name: "fk_reader_drafts_mailboxes_mailbox_id",
                        column: x => x.mailbox_id,
                        principalTable: "mailboxes",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reader_drafts_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_drafts_readers_reader_id",
                        column: x => x.reader_id,
                        principalTable: "readers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_reader_drafts_secure_links_answers_id",
                        column: x => x.answers_id,
                        principalTable: "secure_links",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "reader_files",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    organisation_id = table.Column<Guid>(type: "uuid", nullable: false),
                    draft_id = table.Column<Guid>(type: "uuid", nullable: false),
                    content_id = table.Column<Guid>(type: "uuid", nullable: false),
                    length = table.Column<long>(type: "bigint", nullable: false),
                    sealed_description = table.Column<byte[]>(type: "bytea", nullable: false),
                    is_whole = table.Column<bool>(type: "boolean", nullable: false),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_reader_files", x => x.id);
                    table.ForeignKey(
                        name: "fk_reader_files_organisations_organisation_id",
                        column: x => x.organisation_id,
                        principalTable: "organisations",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_reader_files_reader_drafts_draft_id",
                        column: x => x.draft_id,
                        principalTable: "reader_drafts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_account_passkeys_account_id",
                table: "account_passkeys",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_passkeys_organisation_id",
                table: "account_passkeys",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_account_sessions_account_id_ended_at",
                table: "account_sessions",
                columns: new[] { "account_id", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "ix_account_sessions_organisation_id",
                table: "account_sessions",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalised_email",
                table: "accounts",
                column: "normalised_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_accounts_organisation_id",
                table: "accounts",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_approvals_organisation_id_state",
                table: "approvals",
                columns: new[] { "organisation_id", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_blob_pieces_organisation_id",
                table: "blob_pieces",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_blobs_mailbox_id",
                table: "blobs",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_blobs_organisation_id_created_at_id",
                table: "blobs",
                columns: new[] { "organisation_id", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_blobs_organisation_id_mailbox_id_length",
                table: "blobs",
                columns: new[] { "organisation_id", "mailbox_id", "length" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_issuer_id_partition_state",
                table: "certificates",
                columns: new[] { "issuer_id", "partition", "state" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_issuer_id_serial_number",
                table: "certificates",
                columns: new[] { "issuer_id", "serial_number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_certificates_key_id",
                table: "certificates",
                column: "key_id");

            migrationBuilder.CreateIndex(
                name: "ix_certificates_organisation_id_address",
                table: "certificates",
                columns: new[] { "organisation_id", "address" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_organisation_id_issuer_serial_key",
                table: "certificates",
                columns: new[] { "organisation_id", "issuer_serial_key" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_organisation_id_owner_id",
                table: "certificates",
                columns: new[] { "organisation_id", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_organisation_id_subject_key_identifier_key",
                table: "certificates",
                columns: new[] { "organisation_id", "subject_key_identifier_key" });

            migrationBuilder.CreateIndex(
                name: "ix_certificates_search",
                table: "certificates",
                columns: new[] { "organisation_id", "created_at", "id", "address", "serial_number", "names", "owner_id", "kind", "issuer_id", "state", "not_after", "revocation_reason" });

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_organisation_id",
                table: "deliveries",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_deliveries_outbox_message_id",
                table: "deliveries",
                column: "outbox_message_id");

            migrationBuilder.CreateIndex(
                name: "ix_domain_keys_domain_id",
                table: "domain_keys",
                column: "domain_id");

            migrationBuilder.CreateIndex(
                name: "ix_domain_keys_organisation_id",
                table: "domain_keys",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_draft_attachments_content_id",
                table: "draft_attachments",
                column: "content_id");

            migrationBuilder.CreateIndex(
                name: "ix_draft_attachments_draft_id",
                table: "draft_attachments",
                column: "draft_id");

            migrationBuilder.CreateIndex(
                name: "ix_draft_attachments_organisation_id",
                table: "draft_attachments",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_drafts_mailbox_id_saved_at",
                table: "drafts",
                columns: new[] { "mailbox_id", "saved_at" });

            migrationBuilder.CreateIndex(
                name: "ix_drafts_organisation_id",
                table: "drafts",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_fetched_files_organisation_id_kind_question",
                table: "fetched_files",
                columns: new[] { "organisation_id", "kind", "question" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_fetched_files_organisation_id_kind_tried_at",
                table: "fetched_files",
                columns: new[] { "organisation_id", "kind", "tried_at" });

            migrationBuilder.CreateIndex(
                name: "ix_folders_mailbox_id_kind",
                table: "folders",
                columns: new[] { "mailbox_id", "kind" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_folders_organisation_id",
                table: "folders",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_foreign_authorities_organisation_id_fingerprint",
                table: "foreign_authorities",
                columns: new[] { "organisation_id", "fingerprint" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_issuance_batches_organisation_id_started_at",
                table: "issuance_batches",
                columns: new[] { "organisation_id", "started_at" });

            migrationBuilder.CreateIndex(
                name: "ix_issuance_lines_batch_id_outcome_number",
                table: "issuance_lines",
                columns: new[] { "batch_id", "outcome", "number" });

            migrationBuilder.CreateIndex(
                name: "ix_issuance_lines_organisation_id",
                table: "issuance_lines",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_large_files_content_id",
                table: "large_files",
                column: "content_id");

            migrationBuilder.CreateIndex(
                name: "ix_large_files_mailbox_id",
                table: "large_files",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_large_files_organisation_id_content_id",
                table: "large_files",
                columns: new[] { "organisation_id", "content_id" });

            migrationBuilder.CreateIndex(
                name: "ix_large_files_organisation_id_secure_message_id",
                table: "large_files",
                columns: new[] { "organisation_id", "secure_message_id" });

            migrationBuilder.CreateIndex(
                name: "ix_large_files_organisation_id_sent_copy_id",
                table: "large_files",
                columns: new[] { "organisation_id", "sent_copy_id" });

            migrationBuilder.CreateIndex(
                name: "ix_large_files_token",
                table: "large_files",
                column: "token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ldap_directories_organisation_id",
                table: "ldap_directories",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_link_openings_organisation_id",
                table: "link_openings",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_link_openings_session_id",
                table: "link_openings",
                column: "session_id");

            migrationBuilder.CreateIndex(
                name: "ix_list_entries_created_by",
                table: "list_entries",
                column: "created_by");

            migrationBuilder.CreateIndex(
                name: "ix_list_entries_organisation",
                table: "list_entries",
                columns: new[] { "organisation_id", "token" },
                unique: true,
                filter: "owner_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_list_entries_organisation_id_token_owner_id",
                table: "list_entries",
                columns: new[] { "organisation_id", "token", "owner_id" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_list_entries_owner_id",
                table: "list_entries",
                column: "owner_id");

            migrationBuilder.CreateIndex(
                name: "ix_mail_accounts_mailbox_id",
                table: "mail_accounts",
                column: "mailbox_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mail_accounts_organisation_id",
                table: "mail_accounts",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_mailbox_data_keys_organisation_id",
                table: "mailbox_data_keys",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_mailboxes_normalised_address",
                table: "mailboxes",
                column: "normalised_address",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_mailboxes_organisation_id_owner_id",
                table: "mailboxes",
                columns: new[] { "organisation_id", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_managed_keys_organisation_id_owner_id",
                table: "managed_keys",
                columns: new[] { "organisation_id", "owner_id" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_delivered",
                table: "messages",
                columns: new[] { "mailbox_id", "content_token" },
                unique: true,
                filter: "mail_account_id is null");

            migrationBuilder.CreateIndex(
                name: "ix_messages_folder_id_at_id_organisation_id",
                table: "messages",
                columns: new[] { "folder_id", "at", "id", "organisation_id" },
                descending: new[] { false, true, true, false });

            migrationBuilder.CreateIndex(
                name: "ix_messages_mail_account_id_remote_folder_uid_validity_uid",
                table: "messages",
                columns: new[] { "mail_account_id", "remote_folder", "uid_validity", "uid" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_messages_mailbox_id_content_token",
                table: "messages",
                columns: new[] { "mailbox_id", "content_token" });

            migrationBuilder.CreateIndex(
                name: "ix_messages_organisation_id",
                table: "messages",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_messages_raw_id",
                table: "messages",
                column: "raw_id");

            migrationBuilder.CreateIndex(
                name: "ix_messages_unread",
                table: "messages",
                columns: new[] { "folder_id", "at", "id", "organisation_id" },
                descending: new[] { false, true, true, false },
                filter: "not is_read");

            migrationBuilder.CreateIndex(
                name: "ix_one_time_links_account_id",
                table: "one_time_links",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_one_time_links_organisation_id",
                table: "one_time_links",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_one_time_links_token_sha256",
                table: "one_time_links",
                column: "token_sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_organisation_data_keys_wrapping_key_id",
                table: "organisation_data_keys",
                column: "wrapping_key_id");

            migrationBuilder.CreateIndex(
                name: "ix_organisation_domains_name",
                table: "organisation_domains",
                column: "name",
                unique: true,
                filter: "proved_at is not null");

            migrationBuilder.CreateIndex(
                name: "ix_organisation_domains_organisation_id_name",
                table: "organisation_domains",
                columns: new[] { "organisation_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_content_id",
                table: "outbox_messages",
                column: "content_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_organisation_id_created_at",
                table: "outbox_messages",
                columns: new[] { "organisation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_sender_id",
                table: "outbox_messages",
                column: "sender_id");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_messages_sent_copy_id",
                table: "outbox_messages",
                column: "sent_copy_id");

            migrationBuilder.CreateIndex(
                name: "ix_outgoing_rules_changed_by",
                table: "outgoing_rules",
                column: "changed_by");

            migrationBuilder.CreateIndex(
                name: "ix_outgoing_rules_organisation_id_created_at",
                table: "outgoing_rules",
                columns: new[] { "organisation_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_reader_codes_organisation_id",
                table: "reader_codes",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_devices_organisation_id",
                table: "reader_devices",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_devices_reader_id",
                table: "reader_devices",
                column: "reader_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_drafts_answers_id",
                table: "reader_drafts",
                column: "answers_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_drafts_mailbox_id",
                table: "reader_drafts",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_drafts_organisation_id_reader_id_saved_at",
                table: "reader_drafts",
                columns: new[] { "organisation_id", "reader_id", "saved_at" });

            migrationBuilder.CreateIndex(
                name: "ix_reader_drafts_reader_id",
                table: "reader_drafts",
                column: "reader_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_files_draft_id",
                table: "reader_files",
                column: "draft_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_files_organisation_id_content_id",
                table: "reader_files",
                columns: new[] { "organisation_id", "content_id" });

            migrationBuilder.CreateIndex(
                name: "ix_reader_passkeys_organisation_id",
                table: "reader_passkeys",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_sessions_organisation_id",
                table: "reader_sessions",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_sessions_reader_id",
                table: "reader_sessions",
                column: "reader_id");

            migrationBuilder.CreateIndex(
                name: "ix_reader_sessions_token_sha256",
                table: "reader_sessions",
                column: "token_sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_readers_organisation_id_address_token",
                table: "readers",
                columns: new[] { "organisation_id", "address_token" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_revocation_lists_organisation_id",
                table: "revocation_lists",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_revocation_partitions_organisation_id",
                table: "revocation_partitions",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_secure_links_group_id",
                table: "secure_links",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_secure_links_message_id",
                table: "secure_links",
                column: "message_id");

            migrationBuilder.CreateIndex(
                name: "ix_secure_links_organisation_id_reader_id_ready_at",
                table: "secure_links",
                columns: new[] { "organisation_id", "reader_id", "ready_at" });

            migrationBuilder.CreateIndex(
                name: "ix_secure_links_reader_id",
                table: "secure_links",
                column: "reader_id");

            migrationBuilder.CreateIndex(
                name: "ix_secure_links_token_sha256",
                table: "secure_links",
                column: "token_sha256",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_mailbox_id",
                table: "secure_messages",
                column: "mailbox_id");

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_organisation_id_author_id_created_at",
                table: "secure_messages",
                columns: new[] { "organisation_id", "author_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_organisation_id_content_id",
                table: "secure_messages",
                columns: new[] { "organisation_id", "content_id" });

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_organisation_id_conversation_id",
                table: "secure_messages",
                columns: new[] { "organisation_id", "conversation_id" });

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_organisation_id_message_id_token",
                table: "secure_messages",
                columns: new[] { "organisation_id", "message_id_token" });

            migrationBuilder.CreateIndex(
                name: "ix_secure_messages_organisation_id_sent_copy_id",
                table: "secure_messages",
                columns: new[] { "organisation_id", "sent_copy_id" });

            migrationBuilder.CreateIndex(
                name: "ix_signature_judgements_organisation_id_authority_id_judged_at",
                table: "signature_judgements",
                columns: new[] { "organisation_id", "authority_id", "judged_at" });

            migrationBuilder.CreateIndex(
                name: "ix_signing_permits_account_id",
                table: "signing_permits",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_signing_permits_organisation_id",
                table: "signing_permits",
                column: "organisation_id");

            migrationBuilder.CreateIndex(
                name: "ix_signing_permits_subject",
                table: "signing_permits",
                column: "subject",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_work_items_due_at",
                table: "work_items",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_work_items_kind_subject",
                table: "work_items",
                columns: new[] { "kind", "subject" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_work_items_organisation_id",
                table: "work_items",
                column: "organisation_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account_passkeys");

            migrationBuilder.DropTable(
                name: "account_sessions");

            migrationBuilder.DropTable(
                name: "approvals");

            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "blob_pieces");

            migrationBuilder.DropTable(
                name: "brand_logos");

            migrationBuilder.DropTable(
                name: "brands");

            migrationBuilder.DropTable(
                name: "checkpoint_states");

            migrationBuilder.DropTable(
                name: "deliveries");

            migrationBuilder.DropTable(
                name: "domain_keys");

            migrationBuilder.DropTable(
                name: "draft_attachments");

            migrationBuilder.DropTable(
                name: "evidence_files");

            migrationBuilder.DropTable(
                name: "fetched_files");

            migrationBuilder.DropTable(
                name: "foreign_authorities");

            migrationBuilder.DropTable(
                name: "installation");

            migrationBuilder.DropTable(
                name: "installation_keys");

            migrationBuilder.DropTable(
                name: "issuance_lines");

            migrationBuilder.DropTable(
                name: "large_files");

            migrationBuilder.DropTable(
                name: "ldap_directories");

            migrationBuilder.DropTable(
                name: "link_openings");

            migrationBuilder.DropTable(
                name: "list_entries");

            migrationBuilder.DropTable(
                name: "mail_accounts");

            migrationBuilder.DropTable(
                name: "mailbox_data_keys");

            migrationBuilder.DropTable(
                name: "one_time_links");

            migrationBuilder.DropTable(
                name: "organisation_data_keys");

            migrationBuilder.DropTable(
                name: "outgoing_rules");

            migrationBuilder.DropTable(
                name: "protection_keys");

            migrationBuilder.DropTable(
                name: "reader_codes");

            migrationBuilder.DropTable(
                name: "reader_devices");

            migrationBuilder.DropTable(
                name: "reader_files");

            migrationBuilder.DropTable(
                name: "reader_passkeys");

            migrationBuilder.DropTable(
                name: "reader_sessions");

            migrationBuilder.DropTable(
                name: "revocation_lists");

            migrationBuilder.DropTable(
                name: "revocation_partitions");

            migrationBuilder.DropTable(
                name: "sealed_private_keys");

            migrationBuilder.DropTable(
                name: "signature_judgements");

            migrationBuilder.DropTable(
                name: "signing_permits");

            migrationBuilder.DropTable(
                name: "work_items");

            migrationBuilder.DropTable(
                name: "wrapped_master_keys");

            migrationBuilder.DropTable(
                name: "audit_chains");

            migrationBuilder.DropTable(
                name: "outbox_messages");

            migrationBuilder.DropTable(
                name: "organisation_domains");

            migrationBuilder.DropTable(
                name: "drafts");

            migrationBuilder.DropTable(
                name: "issuance_batches");

            migrationBuilder.DropTable(
                name: "reader_drafts");

            migrationBuilder.DropTable(
                name: "certificates");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "secure_links");

            migrationBuilder.DropTable(
                name: "managed_keys");

            migrationBuilder.DropTable(
                name: "blobs");

            migrationBuilder.DropTable(
                name: "folders");

            migrationBuilder.DropTable(
                name: "readers");

            migrationBuilder.DropTable(
                name: "secure_messages");

            migrationBuilder.DropTable(
                name: "mailboxes");

            migrationBuilder.DropTable(
                name: "organisations");
        }
    }
}
