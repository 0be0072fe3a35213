-- Who may see and do what. The owner of the tables runs this after every migration, in one transaction; running it
-- twice changes nothing. A table that is not reached by it cannot be used, because nothing else grants anything.

-- Row-level security, forced, on every table.
do $$
declare
    installation constant text[] := array['installation', 'installation_keys', 'protection_keys', 'sealed_private_keys', 'wrapped_master_keys'];
    organisation constant text := $rule$nullif(current_setting('portal.organisation', true), '')::uuid$rule$;
    one record;
    rule text;
    policy text;
begin
    for one in
        select c.oid, c.relname as name
        from pg_catalog.pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    loop
        if one.name = 'organisations' then
            rule := 'id = ' || organisation;
        elsif one.name = 'migrations' then
            -- Read before anything else, to see that the database is of this version; nobody but the owner may write it.
            rule := 'true';
        elsif one.name = any (installation) then
            rule := organisation || $rule$ is null and current_setting('portal.installation', true) = 'on'$rule$;
        elsif exists (select from pg_catalog.pg_attribute a where a.attrelid = one.oid and a.attname = 'organisation_id' and not a.attisdropped) then
            rule := 'organisation_id = ' || organisation;
        else
            raise exception 'The table % has no organisation_id, and is not listed as the installation''s.', one.name;
        end if;

        execute format('alter table public.%I enable row level security', one.name);
        execute format('alter table public.%I force row level security', one.name);
        for policy in select polname from pg_catalog.pg_policy where polrelid = one.oid loop
            execute format('drop policy %I on public.%I', policy, one.name);
        end loop;
        execute format('create policy organisation on public.%I to portal_app using (%s) with check (%s)', one.name, rule, rule);
        -- Forced, so that the owner is bound too: it migrates, and is whom the functions below act as.
        execute format('create policy owner on public.%I to current_user using (true) with check (true)', one.name);

        execute format('revoke all on public.%I from public, portal_app', one.name);
        execute format('grant select, insert, update, delete on public.%I to portal_app', one.name);
    end loop;
end
$$;

-- Less than everything, where everything is not needed.
revoke insert, update, delete on public.migrations from portal_app;
revoke update, delete on public.audit_entries from portal_app;
revoke delete on public.audit_chains, public.organisations from portal_app;
revoke update, delete on public.installation, public.installation_keys, public.wrapped_master_keys from portal_app;
revoke update on public.sealed_private_keys, public.blob_pieces, public.revocation_lists from portal_app;

-- What must be known before the organisation is: these functions and no others act as the owner. They return ids.
create or replace function public.portal_find_account(normalised text)
    returns table (organisation_id uuid, account_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select a.organisation_id, a.id from public.accounts a where a.normalised_email = normalised $$;

create or replace function public.portal_find_passkey(credential bytea)
    returns table (organisation_id uuid, account_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select p.organisation_id, p.account_id from public.account_passkeys p where p.credential_id = credential $$;

create or replace function public.portal_find_one_time_link(token bytea)
    returns table (organisation_id uuid, link_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select l.organisation_id, l.id from public.one_time_links l where l.token_sha256 = token $$;

create or replace function public.portal_find_secure_link(token bytea)
    returns table (organisation_id uuid, link_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select l.organisation_id, l.id from public.secure_links l where l.token_sha256 = token $$;

create or replace function public.portal_find_reader_session(token bytea)
    returns table (organisation_id uuid, session_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select s.organisation_id, s.id from public.reader_sessions s where s.token_sha256 = token $$;

create or replace function public.portal_find_large_file(token bytea)
    returns table (organisation_id uuid, file_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select f.organisation_id, f.id from public.large_files f where f.token = portal_find_large_file.token $$;

create or replace function public.portal_find_domain(domain text)
    returns table (organisation_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select d.organisation_id from public.organisation_domains d where d.name = domain and d.proved_at is not null $$;

create or replace function public.portal_find_organisation(account uuid)
    returns table (organisation_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select a.organisation_id from public.accounts a where a.id = account $$;

-- What an authority publishes, everybody may see; whose it is has to be known before it can be read.
create or replace function public.portal_find_authority(certificate uuid)
    returns table (organisation_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select c.organisation_id from public.certificates c where c.id = certificate and c.kind in ('RootAuthority', 'IssuingAuthority') $$;

-- A claim diverts nobody's mail: another organisation's mailbox is there only when that organisation has proved its domain.
create or replace function public.portal_find_mailbox(normalised text, asking uuid)
    returns table (organisation_id uuid, mailbox_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$
        select m.organisation_id, m.id
        from public.mailboxes m
        where m.normalised_address = normalised
            and (m.organisation_id = asking or exists (
                select from public.organisation_domains d
                where d.organisation_id = m.organisation_id and d.name = split_part(m.normalised_address, '@', 2) and d.proved_at is not null))
    $$;

create or replace function public.portal_list_organisations()
    returns table (organisation_id uuid)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$ select o.id from public.organisations o order by o.created_at, o.id $$;

create or replace function public.portal_claim_work(most integer, lease interval)
    returns table (organisation_id uuid, work_item_id uuid, kind text, subject uuid, token bigint, attempts integer, trace_parent text)
    language sql volatile security definer set search_path = pg_catalog, pg_temp
    as $$
        with due as (
            select w.id
            from public.work_items w
            where w.due_at <= now() and (w.leased_until is null or w.leased_until <= now())
            order by w.due_at, w.id
            limit most
            for update skip locked
        ), claimed as (
            update public.work_items w
            set leased_until = now() + lease, token = w.token + 1, attempts = w.attempts + 1
            from due
            where w.id = due.id
            returning w.*
        )
        select c.organisation_id, c.id, c.kind, c.subject, c.token, c.attempts, c.trace_parent from claimed c order by c.due_at, c.id
    $$;

-- How much waits, of which kind; nothing that tells whose.
create or replace function public.portal_count_work()
    returns table (kind text, due bigint, leased bigint, later bigint, oldest_due interval)
    language sql stable security definer set search_path = pg_catalog, pg_temp
    as $$
        select
            w.kind,
            count(*) filter (where w.due_at <= now() and (w.leased_until is null or w.leased_until <= now())),
            count(*) filter (where w.due_at <= now() and w.leased_until > now()),
            count(*) filter (where w.due_at > now()),
            coalesce(now() - min(w.due_at) filter (where w.due_at <= now()), interval '0')
        from public.work_items w
        group by w.kind
    $$;

revoke all on function
    public.portal_find_account(text),
    public.portal_find_domain(text),
    public.portal_find_passkey(bytea),
    public.portal_find_one_time_link(bytea),
    public.portal_find_secure_link(bytea),
    public.portal_find_reader_session(bytea),
    public.portal_find_large_file(bytea),
    public.portal_find_organisation(uuid),
    public.portal_find_authority(uuid),
    public.portal_find_mailbox(text, uuid),
    public.portal_list_organisations(),
    public.portal_claim_work(integer, interval),
    public.portal_count_work()
from public;

grant execute on function
    public.portal_find_account(text),
    public.portal_find_domain(text),
    public.portal_find_passkey(bytea),
    public.portal_find_one_time_link(bytea),
    public.portal_find_secure_link(bytea),
    public.portal_find_reader_session(bytea),
    public.portal_find_large_file(bytea),
    public.portal_find_organisation(uuid),
    public.portal_find_authority(uuid),
    public.portal_find_mailbox(text, uuid),
    public.portal_list_organisations(),
    public.portal_claim_work(integer, interval),
    public.portal_count_work()
to portal_app;
