-- What SQLite can hold of the rules that PostgreSQL enforces by rights. Run after every migration.

create trigger if not exists one_organisation before insert on organisations
when (select count(*) from organisations) > 0
begin
    select raise(abort, 'SQLite holds one organisation. For more, use PostgreSQL.');
end;

create trigger if not exists audit_entries_are_not_changed before update on audit_entries
begin
    select raise(abort, 'Audit entries are never changed.');
end;

create trigger if not exists audit_entries_are_not_deleted before delete on audit_entries
begin
    select raise(abort, 'Audit entries are never deleted.');
end;
