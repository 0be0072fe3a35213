using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Portal.Application.Accounts;
using Portal.Application.Approvals;
using Portal.Application.AtRest;
using Portal.Application.Audit;
using Portal.Application.Brands;
using Portal.Application.Certificates;
using Portal.Application.Checkpoints;
using Portal.Application.Compose;
using Portal.Application.Domains;
using Portal.Application.Inbox;
using Portal.Application.KeyBroker;
using Portal.Application.KeyManagement;
using Portal.Application.LargeFiles;
using Portal.Application.Mailboxes;
using Portal.Application.Organisations;
using Portal.Application.Outbox;
using Portal.Application.Policies;
using Portal.Application.SecureLinks;
using Portal.Application.SecureLinks.Answers;
using Portal.Application.Transport;
using Portal.Application.Trust;
using Portal.Application.Work;

namespace Portal.Application;

/// <summary>One operation's view of one organisation's rows; its changes, and the audit entries that go with them, are one transaction.</summary>
internal abstract class PortalDbContext(DbContextOptions options, TimeProvider clock) : DbContext(options)
{
    private readonly List<AuditEvent> _audit = [];
    private readonly HashSet<MailboxId> _news = [];
    private bool _hasWork;
    private IDbContextTransaction? _transaction;

    public OrganisationId? Organisation { get; private set; }

    /// <summary>For the tables of the installation; without this, and without an organisation, there is nothing to see.</summary>
    protected bool IsOfInstallation { get; private set; }

    public DbSet<Installation> Installations => Set<Installation>();

    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    public DbSet<SealedPrivateKey> SealedPrivateKeys => Set<SealedPrivateKey>();

    public DbSet<WrappedMasterKeyRow> WrappedMasterKeys => Set<WrappedMasterKeyRow>();

    public DbSet<InstallationKey> InstallationKeys => Set<InstallationKey>();

    public DbSet<Organisation> Organisations => Set<Organisation>();

    public DbSet<OrganisationDomain> OrganisationDomains => Set<OrganisationDomain>();

    public DbSet<Brand> Brands => Set<Brand>();

    public DbSet<BrandLogo> BrandLogos => Set<BrandLogo>();

    public DbSet<DomainKey> DomainKeys => Set<DomainKey>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<AccountSession> AccountSessions => Set<AccountSession>();

    public DbSet<AccountPasskey> AccountPasskeys => Set<AccountPasskey>();

    public DbSet<SigningPermit> SigningPermits => Set<SigningPermit>();

    public DbSet<OneTimeLink> OneTimeLinks => Set<OneTimeLink>();

    public DbSet<Approval> Approvals => Set<Approval>();

    public DbSet<AuditChain> AuditChains => Set<AuditChain>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<CheckpointState> CheckpointStates => Set<CheckpointState>();

    public DbSet<ManagedKey> ManagedKeys => Set<ManagedKey>();

    public DbSet<OrganisationDataKey> OrganisationDataKeys => Set<OrganisationDataKey>();

    public DbSet<MailboxDataKey> MailboxDataKeys => Set<MailboxDataKey>();

    public DbSet<Blob> Blobs => Set<Blob>();

    public DbSet<BlobPiece> BlobPieces => Set<BlobPiece>();

    public DbSet<Certificate> Certificates => Set<Certificate>();

    public DbSet<RevocationPartition> RevocationPartitions => Set<RevocationPartition>();

    public DbSet<PublishedRevocationList> RevocationLists => Set<PublishedRevocationList>();

    public DbSet<ForeignAuthority> ForeignAuthorities => Set<ForeignAuthority>();

    public DbSet<LdapDirectory> LdapDirectories => Set<LdapDirectory>();

    public DbSet<FetchedFile> FetchedFiles => Set<FetchedFile>();

    public DbSet<IssuanceBatch> IssuanceBatches => Set<IssuanceBatch>();

    public DbSet<IssuanceLine> IssuanceLines => Set<IssuanceLine>();

    public DbSet<OutgoingRule> OutgoingRules => Set<OutgoingRule>();

    public DbSet<ListEntry> ListEntries => Set<ListEntry>();

    public DbSet<Mailbox> Mailboxes => Set<Mailbox>();

    public DbSet<MailAccount> MailAccounts => Set<MailAccount>();

    public DbSet<Folder> Folders => Set<Folder>();

    public DbSet<StoredMessage> Messages => Set<StoredMessage>();

    public DbSet<SignatureJudgement> SignatureJudgements => Set<SignatureJudgement>();

    public DbSet<EvidenceFile> EvidenceFiles => Set<EvidenceFile>();

    public DbSet<OutboxMessage> OutboxMessages => Set<OutboxMessage>();

    public DbSet<Delivery> Deliveries => Set<Delivery>();

    public DbSet<WorkItem> WorkItems => Set<WorkItem>();

    public DbSet<Reader> Readers => Set<Reader>();

    public DbSet<ReaderCode> ReaderCodes => Set<ReaderCode>();

    public DbSet<ReaderSession> ReaderSessions => Set<ReaderSession>();

    public DbSet<SecureMessage> SecureMessages => Set<SecureMessage>();

    public DbSet<SecureLink> SecureLinks => Set<SecureLink>();

    public DbSet<LinkOpening> LinkOpenings => Set<LinkOpening>();

    public DbSet<ReaderDevice> ReaderDevices => Set<ReaderDevice>();

    public DbSet<ReaderPasskey> ReaderPasskeys => Set<ReaderPasskey>();

    public DbSet<LargeFile> LargeFiles => Set<LargeFile>();

    public DbSet<ReaderDraft> ReaderDrafts => Set<ReaderDraft>();

    public DbSet<ReaderFile> ReaderFiles => Set<ReaderFile>();

    public DbSet<Draft> Drafts => Set<Draft>();

    public DbSet<DraftAttachment> DraftAttachments => Set<DraftAttachment>();

    /// <summary>Begins the operation's transaction; PostgreSQL's row-level security then shows this organisation's rows only.</summary>
    public async Task BeginAsync(OrganisationId? organisation, CancellationToken cancellationToken)
    {
        Organisation = organisation;

        // What fails is given up as a whole; nothing goes on after a failed statement.
        Database.AutoSavepointsEnabled = false;
        _transaction = await BeginTransactionAsync(cancellationToken);
    }

    /// <summary>Begins a transaction on the few tables that belong to no organisation.</summary>
    public async Task BeginInstallationAsync(CancellationToken cancellationToken)
    {
        IsOfInstallation = true;
        await BeginAsync(null, cancellationToken);
    }

    /// <summary>Written with the next commit; the chain's lock is taken last.</summary>
    public void Record(AuditEvent auditEvent) => _audit.Add(auditEvent);

    public void Record(IEnumerable<AuditEvent> auditEvents) => _audit.AddRange(auditEvents);

    /// <summary>Open pages hear of it when the transaction has committed.</summary>
    public void Announce(MailboxId mailbox) => _news.Add(mailbox);

    /// <summary>Workers look at the list of work when the transaction has committed.</summary>
    public void AnnounceWork() => _hasWork = true;

    /// <summary>Saves what changed with its audit entries and commits; the context must not be used for writing afterwards.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await SaveChangesAsync(cancellationToken);
        if (_audit.Count > 0)
        {
            await new AuditWriter(this, clock).AppendAsync(_audit, cancellationToken);
            _audit.Clear();
        }

        await AnnounceInTransactionAsync(_news, _hasWork, cancellationToken);
        if (_transaction is not null)
        {
            await _transaction.CommitAsync(cancellationToken);
        }

        await AnnounceAfterCommitAsync(_news, _hasWork);
        _news.Clear();
        _hasWork = false;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <summary>Locks the organisation's chain until the transaction ends, and reads it.</summary>
    public abstract Task<AuditChain> LockAuditChainAsync(OrganisationId organisation, CancellationToken cancellationToken);

    /// <summary>The database's clock: the only one for leases and what is due.</summary>
    public abstract Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>PostgreSQL's NOTIFY is delivered on commit, to every node.</summary>
    protected abstract Task AnnounceInTransactionAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work, CancellationToken cancellationToken);

    /// <summary>Where one process is all there is, it is told directly.</summary>
    protected abstract Task AnnounceAfterCommitAsync(IReadOnlyCollection<MailboxId> mailboxes, bool work);

    protected abstract Task<IDbContextTransaction> BeginTransactionAsync(CancellationToken cancellationToken);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        foreach (var type in typeof(PortalDbContext).Assembly.GetTypes().Where(IsId))
        {
            configurationBuilder.Properties(type).HaveConversion(typeof(IdConverter<>).MakeGenericType(type));
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            NameAsSqlDoes(entity);
        }
    }

    private static bool IsId(Type type) =>
        type is { IsValueType: true, IsGenericType: false }
        && type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IId<>));

    private static void NameAsSqlDoes(IMutableEntityType entity)
    {
        entity.SetTableName(SqlName.Of(entity.GetTableName()!));
        foreach (var property in entity.GetProperties())
        {
            property.SetColumnName(SqlName.Of(property.GetColumnName()));
        }

        foreach (var key in entity.GetKeys())
        {
            key.SetName(SqlName.Of(key.GetName()!));
        }

        foreach (var foreignKey in entity.GetForeignKeys())
        {
            foreignKey.SetConstraintName(SqlName.Of(foreignKey.GetConstraintName()!));
        }

        foreach (var index in entity.GetIndexes())
        {
            index.SetDatabaseName(SqlName.Of(index.GetDatabaseName()!));
        }
    }
}
