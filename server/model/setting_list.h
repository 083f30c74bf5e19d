/* model/setting_list.h: the rows: section, key, type, default as JSON text, flags.
 *
 * Sections and keys are those of the v4 protocol, so that existing configurations, consoles and mmctl fit; a key that
 * nothing here reads yet is kept and shown all the same. A remark says why a default is not the one v4 clients know:
 * nothing calls home, nothing is capped or gated, and what this server does not do says "off".
 */
#pragma once

/* clang-format off */
#define SETTING_ROWS(S) \
    S(ServiceSettings, SiteURL,                                           TEXT,         "\"\"", 0) \
    S(ServiceSettings, WebsocketURL,                                      TEXT,         "\"\"", 0) \
    S(ServiceSettings, LicenseFileLocation,                               TEXT,         "\"\"", 0) \
    S(ServiceSettings, ListenAddress,                                     TEXT,         "\":8065\"", RESTART) \
    S(ServiceSettings, ConnectionSecurity,                                TEXT,         "\"\"", RESTART) \
    S(ServiceSettings, TLSCertFile,                                       TEXT,         "\"\"", RESTART) \
    S(ServiceSettings, TLSKeyFile,                                        TEXT,         "\"\"", RESTART) \
    S(ServiceSettings, TLSMinVer,                                         TEXT,         "\"1.2\"", RESTART) \
    S(ServiceSettings, TLSStrictTransport,                                BOOL,         "false", 0) \
    S(ServiceSettings, TLSStrictTransportMaxAge,                          INT,          "63072000", 0) \
    S(ServiceSettings, TLSOverwriteCiphers,                               LIST_OF_TEXT, "[]", RESTART) \
    S(ServiceSettings, UseLetsEncrypt,                                    BOOL,         "false", RESTART) \
    S(ServiceSettings, LetsEncryptCertificateCacheFile,                   TEXT,         "\"./data/letsencrypt.cache\"", RESTART) \
    S(ServiceSettings, Forward80To443,                                    BOOL,         "false", RESTART) \
    S(ServiceSettings, TrustedProxyIPHeader,                              LIST_OF_TEXT, "[]", 0) \
    S(ServiceSettings, ReadTimeout,                                       INT,          "300", RESTART) \
    S(ServiceSettings, WriteTimeout,                                      INT,          "300", RESTART) \
    S(ServiceSettings, IdleTimeout,                                       INT,          "60", RESTART) \
    S(ServiceSettings, MaximumLoginAttempts,                              INT,          "10", 0) \
    S(ServiceSettings, GoroutineHealthThreshold,                          INT,          "-1", 0) \
    S(ServiceSettings, EnableOAuthServiceProvider,                        BOOL,         "true", 0) \
    S(ServiceSettings, EnableDynamicClientRegistration,                   BOOL,         "false", 0) \
    S(ServiceSettings, DCRRedirectURIAllowlist,                           LIST_OF_TEXT, "[]", 0) \
    S(ServiceSettings, EnableIncomingWebhooks,                            BOOL,         "true", 0) \
    S(ServiceSettings, EnableOutgoingWebhooks,                            BOOL,         "true", 0) \
    S(ServiceSettings, EnableOutgoingOAuthConnections,                    BOOL,         "false", 0) \
    S(ServiceSettings, EnableCommands,                                    BOOL,         "true", 0) \
    S(ServiceSettings, OutgoingIntegrationRequestsTimeout,                INT,          "30", 0) \
    S(ServiceSettings, EnablePostUsernameOverride,                        BOOL,         "false", 0) \
    S(ServiceSettings, EnablePostIconOverride,                            BOOL,         "false", 0) \
    S(ServiceSettings, GoogleDeveloperKey,                                TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableLinkPreviews,                                BOOL,         "true", 0) \
    S(ServiceSettings, EnablePermalinkPreviews,                           BOOL,         "true", 0) \
    S(ServiceSettings, RestrictLinkPreviews,                              TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableTesting,                                     BOOL,         "false", 0) \
    S(ServiceSettings, EnableDeveloper,                                   BOOL,         "false", 0) \
    S(ServiceSettings, DeveloperFlags,                                    TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableClientPerformanceDebugging,                  BOOL,         "false", 0) \
    S(ServiceSettings, EnableSecurityFixAlert,                            BOOL,         "false", 0) /* no phone-home */ \
    S(ServiceSettings, EnableInsecureOutgoingConnections,                 BOOL,         "false", 0) \
    S(ServiceSettings, AllowedUntrustedInternalConnections,               TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableMultifactorAuthentication,                   BOOL,         "false", 0) \
    S(ServiceSettings, EnforceMultifactorAuthentication,                  BOOL,         "false", 0) \
    S(ServiceSettings, EnableUserAccessTokens,                            BOOL,         "true", 0) /* no gates */ \
    S(ServiceSettings, AllowCorsFrom,                                     TEXT,         "\"\"", 0) \
    S(ServiceSettings, CorsExposedHeaders,                                TEXT,         "\"\"", 0) \
    S(ServiceSettings, CorsAllowCredentials,                              BOOL,         "false", 0) \
    S(ServiceSettings, CorsDebug,                                         BOOL,         "false", 0) \
    S(ServiceSettings, AllowCookiesForSubdomains,                         BOOL,         "false", 0) \
    S(ServiceSettings, ExtendSessionLengthWithActivity,                   BOOL,         "true", 0) \
    S(ServiceSettings, TerminateSessionsOnPasswordChange,                 BOOL,         "true", 0) \
    S(ServiceSettings, SessionLengthWebInDays,                            INT,          "30", 0) \
    S(ServiceSettings, SessionLengthWebInHours,                           INT,          "720", 0) \
    S(ServiceSettings, SessionLengthMobileInDays,                         INT,          "30", 0) \
    S(ServiceSettings, SessionLengthMobileInHours,                        INT,          "720", 0) \
    S(ServiceSettings, SessionLengthSSOInDays,                            INT,          "30", 0) \
    S(ServiceSettings, SessionLengthSSOInHours,                           INT,          "720", 0) \
    S(ServiceSettings, SessionCacheInMinutes,                             INT,          "10", 0) \
    S(ServiceSettings, SessionIdleTimeoutInMinutes,                       INT,          "43200", 0) \
    S(ServiceSettings, WebsocketSecurePort,                               INT,          "443", 0) \
    S(ServiceSettings, WebsocketPort,                                     INT,          "80", 0) \
    S(ServiceSettings, WebserverMode,                                     TEXT,         "\"gzip\"", RESTART) \
    S(ServiceSettings, EnableGifPicker,                                   BOOL,         "false", 0) /* it asks a server outside */ \
    S(ServiceSettings, GiphySdkKey,                                       TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableCustomEmoji,                                 BOOL,         "true", 0) \
    S(ServiceSettings, EnableEmojiPicker,                                 BOOL,         "true", 0) \
    S(ServiceSettings, PostEditTimeLimit,                                 INT,          "-1", 0) \
    S(ServiceSettings, TimeBetweenUserTypingUpdatesMilliseconds,          INT,          "5000", 0) \
    S(ServiceSettings, EnableCrossTeamSearch,                             BOOL,         "true", 0) \
    S(ServiceSettings, EnablePostSearch,                                  BOOL,         "true", 0) \
    S(ServiceSettings, EnableFileSearch,                                  BOOL,         "true", 0) \
    S(ServiceSettings, MinimumHashtagLength,                              INT,          "3", 0) \
    S(ServiceSettings, EnableUserTypingMessages,                          BOOL,         "true", 0) \
    S(ServiceSettings, EnableChannelViewedMessages,                       BOOL,         "true", 0) \
    S(ServiceSettings, EnableUserStatuses,                                BOOL,         "true", 0) \
    S(ServiceSettings, ExperimentalEnableAuthenticationTransfer,          BOOL,         "true", 0) \
    S(ServiceSettings, ClusterLogTimeoutMilliseconds,                     INT,          "2000", 0) \
    S(ServiceSettings, EnableTutorial,                                    BOOL,         "true", 0) \
    S(ServiceSettings, EnableOnboardingFlow,                              BOOL,         "true", 0) \
    S(ServiceSettings, ExperimentalEnableDefaultChannelLeaveJoinMessages, BOOL,         "true", 0) \
    S(ServiceSettings, ExperimentalGroupUnreadChannels,                   TEXT,         "\"disabled\"", 0) \
    S(ServiceSettings, EnableAPITeamDeletion,                             BOOL,         "false", 0) \
    S(ServiceSettings, EnableAPITriggerAdminNotifications,                BOOL,         "false", 0) \
    S(ServiceSettings, EnableAPIUserDeletion,                             BOOL,         "false", 0) \
    S(ServiceSettings, EnableAPIPostDeletion,                             BOOL,         "false", 0) \
    S(ServiceSettings, EnableDesktopLandingPage,                          BOOL,         "false", 0) /* it leads to a download page */ \
    S(ServiceSettings, MinimumDesktopAppVersion,                          TEXT,         "\"\"", 0) \
    S(ServiceSettings, ExperimentalEnableHardenedMode,                    BOOL,         "false", 0) \
    S(ServiceSettings, ExperimentalStrictCSRFEnforcement,                 BOOL,         "false", 0) \
    S(ServiceSettings, EnableEmailInvitations,                            BOOL,         "false", 0) \
    S(ServiceSettings, DisableBotsWhenOwnerIsDeactivated,                 BOOL,         "true", 0) \
    S(ServiceSettings, EnableBotAccountCreation,                          BOOL,         "true", 0) /* no gates */ \
    S(ServiceSettings, EnableSVGs,                                        BOOL,         "false", 0) \
    S(ServiceSettings, EnableLatex,                                       BOOL,         "false", 0) \
    S(ServiceSettings, EnableInlineLatex,                                 BOOL,         "true", 0) \
    S(ServiceSettings, PostPriority,                                      BOOL,         "true", 0) \
    S(ServiceSettings, AllowPersistentNotifications,                      BOOL,         "true", 0) \
    S(ServiceSettings, AllowPersistentNotificationsForGuests,             BOOL,         "false", 0) \
    S(ServiceSettings, PersistentNotificationIntervalMinutes,             INT,          "5", 0) \
    S(ServiceSettings, PersistentNotificationMaxCount,                    INT,          "6", 0) \
    S(ServiceSettings, PersistentNotificationMaxRecipients,               INT,          "5", 0) \
    S(ServiceSettings, EnableBurnOnRead,                                  BOOL,         "false", 0) /* not served yet */ \
    S(ServiceSettings, BurnOnReadDurationSeconds,                         INT,          "600", 0) \
    S(ServiceSettings, BurnOnReadMaximumTimeToLiveSeconds,                INT,          "604800", 0) \
    S(ServiceSettings, BurnOnReadSchedulerFrequencySeconds,               INT,          "600", 0) \
    S(ServiceSettings, EnableAPIChannelDeletion,                          BOOL,         "false", 0) \
    S(ServiceSettings, EnableLocalMode,                                   BOOL,         "false", RESTART) \
    S(ServiceSettings, LocalModeSocketLocation,                           TEXT,         "\"/var/tmp/mattermost_local.socket\"", RESTART) \
    S(ServiceSettings, EnableAWSMetering,                                 BOOL,         "false", 0) \
    S(ServiceSettings, AWSMeteringTimeoutSeconds,                         INT,          "30", 0) \
    S(ServiceSettings, SplitKey,                                          TEXT,         "\"\"", SECRET) \
    S(ServiceSettings, FeatureFlagSyncIntervalSeconds,                    INT,          "30", 0) \
    S(ServiceSettings, DebugSplit,                                        BOOL,         "false", 0) \
    S(ServiceSettings, ThreadAutoFollow,                                  BOOL,         "true", 0) \
    S(ServiceSettings, CollapsedThreads,                                  TEXT,         "\"always_on\"", 0) \
    S(ServiceSettings, ManagedResourcePaths,                              TEXT,         "\"\"", 0) \
    S(ServiceSettings, EnableCustomGroups,                                BOOL,         "true", 0) \
    S(ServiceSettings, AllowSyncedDrafts,                                 BOOL,         "true", 0) \
    S(ServiceSettings, UniqueEmojiReactionLimitPerPost,                   INT,          "50", 0) \
    S(ServiceSettings, RefreshPostStatsRunTime,                           TEXT,         "\"00:00\"", 0) \
    S(ServiceSettings, MaximumPayloadSizeBytes,                           INT,          "300000", 0) \
    S(ServiceSettings, MaximumURLLength,                                  INT,          "2048", 0) \
    S(ServiceSettings, ScheduledPosts,                                    BOOL,         "true", 0) \
    S(ServiceSettings, EnableWebHubChannelIteration,                      BOOL,         "false", 0) \
    S(ServiceSettings, FrameAncestors,                                    TEXT,         "\"\"", 0) \
    S(ServiceSettings, DeleteAccountLink,                                 TEXT,         "\"\"", 0) \
    \
    S(TeamSettings, SiteName,                            TEXT,         "\"Anser\"", 0) \
    S(TeamSettings, MaxUsersPerTeam,                     INT,          "100000", 0) /* no caps */ \
    S(TeamSettings, EnableJoinLeaveMessageByDefault,     BOOL,         "true", 0) \
    S(TeamSettings, EnableUserCreation,                  BOOL,         "true", 0) \
    S(TeamSettings, EnableOpenServer,                    BOOL,         "false", 0) \
    S(TeamSettings, EnableUserDeactivation,              BOOL,         "false", 0) \
    S(TeamSettings, RestrictCreationToDomains,           TEXT,         "\"\"", 0) \
    S(TeamSettings, EnableCustomUserStatuses,            BOOL,         "true", 0) \
    S(TeamSettings, EnableCustomBrand,                   BOOL,         "false", 0) \
    S(TeamSettings, CustomBrandText,                     TEXT,         "\"\"", 0) \
    S(TeamSettings, CustomDescriptionText,               TEXT,         "\"\"", 0) \
    S(TeamSettings, RestrictDirectMessage,               TEXT,         "\"any\"", 0) \
    S(TeamSettings, EnableLastActiveTime,                BOOL,         "true", 0) \
    S(TeamSettings, UserStatusAwayTimeout,               INT,          "300", 0) \
    S(TeamSettings, MaxChannelsPerTeam,                  INT,          "100000", 0) /* no caps */ \
    S(TeamSettings, MaxNotificationsPerChannel,          INT,          "1000", 0) \
    S(TeamSettings, EnableConfirmNotificationsToChannel, BOOL,         "true", 0) \
    S(TeamSettings, TeammateNameDisplay,                 TEXT,         "\"username\"", 0) \
    S(TeamSettings, ExperimentalViewArchivedChannels,    BOOL,         "true", 0) \
    S(TeamSettings, ExperimentalEnableAutomaticReplies,  BOOL,         "false", 0) \
    S(TeamSettings, LockTeammateNameDisplay,             BOOL,         "false", 0) \
    S(TeamSettings, ExperimentalPrimaryTeam,             TEXT,         "\"\"", 0) \
    S(TeamSettings, ExperimentalDefaultChannels,         LIST_OF_TEXT, "[]", 0) \
    \
    S(ClientRequirements, AndroidLatestVersion, TEXT,         "\"\"", 0) \
    S(ClientRequirements, AndroidMinVersion,    TEXT,         "\"\"", 0) \
    S(ClientRequirements, IosLatestVersion,     TEXT,         "\"\"", 0) \
    S(ClientRequirements, IosMinVersion,        TEXT,         "\"\"", 0) \
    \
    S(SqlSettings, DriverName,                        TEXT,         "\"sqlite\"", RESTART) \
    S(SqlSettings, DataSource,                        TEXT,         "\"\"", SECRET | RESTART) /* empty: anser.db in the data directory */ \
    S(SqlSettings, DataSourceReplicas,                LIST_OF_TEXT, "[]", SECRET | RESTART) \
    S(SqlSettings, DataSourceSearchReplicas,          LIST_OF_TEXT, "[]", SECRET | RESTART) \
    S(SqlSettings, MaxIdleConns,                      INT,          "50", RESTART) \
    S(SqlSettings, ConnMaxLifetimeMilliseconds,       INT,          "3600000", RESTART) \
    S(SqlSettings, ConnMaxIdleTimeMilliseconds,       INT,          "300000", RESTART) \
    S(SqlSettings, MaxOpenConns,                      INT,          "100", RESTART) \
    S(SqlSettings, Trace,                             BOOL,         "false", RESTART) \
    S(SqlSettings, AtRestEncryptKey,                  TEXT,         "\"\"", SECRET | RESTART) \
    S(SqlSettings, QueryTimeout,                      INT,          "30", RESTART) \
    S(SqlSettings, DisableDatabaseSearch,             BOOL,         "false", RESTART) \
    S(SqlSettings, MigrationsStatementTimeoutSeconds, INT,          "100000", RESTART) \
    S(SqlSettings, ReplicaLagSettings,                JSON,         "[]", SECRET | RESTART) \
    S(SqlSettings, ReplicaMonitorIntervalSeconds,     INT,          "5", RESTART) \
    \
    S(LogSettings, EnableConsole,          BOOL,         "true", RESTART) \
    S(LogSettings, ConsoleLevel,           TEXT,         "\"INFO\"", 0) \
    S(LogSettings, ConsoleJson,            BOOL,         "true", RESTART) \
    S(LogSettings, EnableColor,            BOOL,         "false", 0) \
    S(LogSettings, EnableFile,             BOOL,         "false", 0) /* the log goes to standard error */ \
    S(LogSettings, FileLevel,              TEXT,         "\"INFO\"", 0) \
    S(LogSettings, FileJson,               BOOL,         "true", 0) \
    S(LogSettings, FileLocation,           TEXT,         "\"\"", 0) \
    S(LogSettings, EnableWebhookDebugging, BOOL,         "false", 0) /* message texts do not go into the log */ \
    S(LogSettings, EnableDiagnostics,      BOOL,         "false", 0) /* no phone-home */ \
    S(LogSettings, EnableSentry,           BOOL,         "false", 0) /* no phone-home */ \
    S(LogSettings, AdvancedLoggingJSON,    JSON,         "{}", 0) \
    S(LogSettings, MaxFieldSize,           INT,          "2048", 0) \
    \
    S(ExperimentalAuditSettings, FileEnabled,         BOOL,         "false", 0) \
    S(ExperimentalAuditSettings, FileName,            TEXT,         "\"\"", 0) \
    S(ExperimentalAuditSettings, AdvancedLoggingJSON, JSON,         "{}", 0) \
    S(ExperimentalAuditSettings, Certificate,         TEXT,         "\"\"", 0) \
    \
    S(PasswordSettings, MinimumLength,    INT,          "8", 0) \
    S(PasswordSettings, Lowercase,        BOOL,         "false", 0) \
    S(PasswordSettings, Number,           BOOL,         "false", 0) \
    S(PasswordSettings, Uppercase,        BOOL,         "false", 0) \
    S(PasswordSettings, Symbol,           BOOL,         "false", 0) \
    S(PasswordSettings, EnableForgotLink, BOOL,         "true", 0) \
    \
    S(FileSettings, EnableFileAttachments,                    BOOL,         "true", 0) \
    S(FileSettings, EnableMobileUpload,                       BOOL,         "true", 0) \
    S(FileSettings, EnableMobileDownload,                     BOOL,         "true", 0) \
    S(FileSettings, MaxFileSize,                              INT,          "104857600", 0) \
    S(FileSettings, MaxImageResolution,                       INT,          "33177600", 0) \
    S(FileSettings, MaxImageDecoderConcurrency,               INT,          "-1", 0) \
    S(FileSettings, DriverName,                               TEXT,         "\"local\"", RESTART) \
    S(FileSettings, Directory,                                TEXT,         "\"./data/\"", RESTART) \
    S(FileSettings, EnablePublicLink,                         BOOL,         "false", 0) \
    S(FileSettings, ExtractContent,                           BOOL,         "true", 0) \
    S(FileSettings, ArchiveRecursion,                         BOOL,         "false", 0) \
    S(FileSettings, PublicLinkSalt,                           TEXT,         "\"\"", SECRET) \
    S(FileSettings, InitialFont,                              TEXT,         "\"\"", 0) \
    S(FileSettings, AmazonS3AccessKeyId,                      TEXT,         "\"\"", 0) \
    S(FileSettings, AmazonS3SecretAccessKey,                  TEXT,         "\"\"", SECRET) \
    S(FileSettings, AmazonS3Bucket,                           TEXT,         "\"\"", 0) \
    S(FileSettings, AmazonS3PathPrefix,                       TEXT,         "\"\"", 0) \
    S(FileSettings, AmazonS3Region,                           TEXT,         "\"\"", 0) \
    S(FileSettings, AmazonS3Endpoint,                         TEXT,         "\"s3.amazonaws.com\"", 0) \
    S(FileSettings, AmazonS3SSL,                              BOOL,         "true", 0) \
    S(FileSettings, AmazonS3SignV2,                           BOOL,         "false", 0) \
    S(FileSettings, AmazonS3SSE,                              BOOL,         "false", 0) \
    S(FileSettings, AmazonS3Trace,                            BOOL,         "false", 0) \
    S(FileSettings, AmazonS3RequestTimeoutMilliseconds,       INT,          "30000", 0) \
    S(FileSettings, AmazonS3UploadPartSizeBytes,              INT,          "5242880", 0) \
    S(FileSettings, AmazonS3StorageClass,                     TEXT,         "\"\"", 0) \
    S(FileSettings, DedicatedExportStore,                     BOOL,         "false", 0) \
    S(FileSettings, ExportDriverName,                         TEXT,         "\"local\"", 0) \
    S(FileSettings, ExportDirectory,                          TEXT,         "\"./data/\"", 0) \
    S(FileSettings, ExportAmazonS3AccessKeyId,                TEXT,         "\"\"", 0) \
    S(FileSettings, ExportAmazonS3SecretAccessKey,            TEXT,         "\"\"", SECRET) \
    S(FileSettings, ExportAmazonS3Bucket,                     TEXT,         "\"\"", 0) \
    S(FileSettings, ExportAmazonS3PathPrefix,                 TEXT,         "\"\"", 0) \
    S(FileSettings, ExportAmazonS3Region,                     TEXT,         "\"\"", 0) \
    S(FileSettings, ExportAmazonS3Endpoint,                   TEXT,         "\"s3.amazonaws.com\"", 0) \
    S(FileSettings, ExportAmazonS3SSL,                        BOOL,         "true", 0) \
    S(FileSettings, ExportAmazonS3SignV2,                     BOOL,         "false", 0) \
    S(FileSettings, ExportAmazonS3SSE,                        BOOL,         "false", 0) \
    S(FileSettings, ExportAmazonS3Trace,                      BOOL,         "false", 0) \
    S(FileSettings, ExportAmazonS3RequestTimeoutMilliseconds, INT,          "30000", 0) \
    S(FileSettings, ExportAmazonS3PresignExpiresSeconds,      INT,          "21600", 0) \
    S(FileSettings, ExportAmazonS3UploadPartSizeBytes,        INT,          "104857600", 0) \
    S(FileSettings, ExportAmazonS3StorageClass,               TEXT,         "\"\"", 0) \
    \
    S(EmailSettings, EnableSignUpWithEmail,             BOOL,         "true", 0) \
    S(EmailSettings, EnableSignInWithEmail,             BOOL,         "true", 0) \
    S(EmailSettings, EnableSignInWithUsername,          BOOL,         "true", 0) \
    S(EmailSettings, SendEmailNotifications,            BOOL,         "true", 0) \
    S(EmailSettings, UseChannelInEmailNotifications,    BOOL,         "false", 0) \
    S(EmailSettings, RequireEmailVerification,          BOOL,         "false", 0) \
    S(EmailSettings, FeedbackName,                      TEXT,         "\"\"", 0) \
    S(EmailSettings, FeedbackEmail,                     TEXT,         "\"\"", 0) \
    S(EmailSettings, ReplyToAddress,                    TEXT,         "\"\"", 0) \
    S(EmailSettings, FeedbackOrganization,              TEXT,         "\"\"", 0) \
    S(EmailSettings, EnableSMTPAuth,                    BOOL,         "false", 0) \
    S(EmailSettings, SMTPUsername,                      TEXT,         "\"\"", 0) \
    S(EmailSettings, SMTPPassword,                      TEXT,         "\"\"", SECRET) \
    S(EmailSettings, SMTPServer,                        TEXT,         "\"\"", 0) /* empty: no mail leaves */ \
    S(EmailSettings, SMTPPort,                          TEXT,         "\"25\"", 0) \
    S(EmailSettings, SMTPServerTimeout,                 INT,          "10", 0) \
    S(EmailSettings, ConnectionSecurity,                TEXT,         "\"\"", 0) \
    S(EmailSettings, SendPushNotifications,             BOOL,         "false", 0) /* needs a relay of your own */ \
    S(EmailSettings, PushNotificationServer,            TEXT,         "\"\"", 0) /* no phone-home */ \
    S(EmailSettings, PushNotificationContents,          TEXT,         "\"full\"", 0) \
    S(EmailSettings, PushNotificationBuffer,            INT,          "1000", 0) \
    S(EmailSettings, EnableEmailBatching,               BOOL,         "false", 0) \
    S(EmailSettings, EmailBatchingBufferSize,           INT,          "256", 0) \
    S(EmailSettings, EmailBatchingInterval,             INT,          "30", 0) \
    S(EmailSettings, EnablePreviewModeBanner,           BOOL,         "false", 0) \
    S(EmailSettings, SkipServerCertificateVerification, BOOL,         "false", 0) \
    S(EmailSettings, EmailNotificationContentsType,     TEXT,         "\"full\"", 0) \
    S(EmailSettings, LoginButtonColor,                  TEXT,         "\"#0000\"", 0) \
    S(EmailSettings, LoginButtonBorderColor,            TEXT,         "\"#2389D7\"", 0) \
    S(EmailSettings, LoginButtonTextColor,              TEXT,         "\"#2389D7\"", 0) \
    \
    S(RateLimitSettings, Enable,           BOOL,         "false", 0) \
    S(RateLimitSettings, PerSec,           INT,          "10", 0) \
    S(RateLimitSettings, MaxBurst,         INT,          "100", 0) \
    S(RateLimitSettings, MemoryStoreSize,  INT,          "10000", 0) \
    S(RateLimitSettings, VaryByRemoteAddr, BOOL,         "true", 0) \
    S(RateLimitSettings, VaryByUser,       BOOL,         "false", 0) \
    S(RateLimitSettings, VaryByHeader,     TEXT,         "\"\"", 0) \
    \
    S(PrivacySettings, ShowEmailAddress, BOOL,         "true", 0) \
    S(PrivacySettings, ShowFullName,     BOOL,         "true", 0) \
    S(PrivacySettings, UseAnonymousURLs, BOOL,         "false", 0) \
    \
    S(SupportSettings, TermsOfServiceLink,                     TEXT,         "\"\"", 0) \
    S(SupportSettings, PrivacyPolicyLink,                      TEXT,         "\"\"", 0) \
    S(SupportSettings, AboutLink,                              TEXT,         "\"\"", 0) \
    S(SupportSettings, HelpLink,                               TEXT,         "\"\"", 0) \
    S(SupportSettings, ReportAProblemLink,                     TEXT,         "\"\"", 0) \
    S(SupportSettings, ReportAProblemType,                     TEXT,         "\"hidden\"", 0) \
    S(SupportSettings, ReportAProblemMail,                     TEXT,         "\"\"", 0) \
    S(SupportSettings, AllowDownloadLogs,                      BOOL,         "true", 0) \
    S(SupportSettings, ForgotPasswordLink,                     TEXT,         "\"\"", 0) \
    S(SupportSettings, SupportEmail,                           TEXT,         "\"\"", 0) \
    S(SupportSettings, CustomTermsOfServiceEnabled,            BOOL,         "false", 0) \
    S(SupportSettings, CustomTermsOfServiceReAcceptancePeriod, INT,          "365", 0) \
    S(SupportSettings, EnableAskCommunityLink,                 BOOL,         "false", 0) \
    \
    S(AnnouncementSettings, EnableBanner,          BOOL,         "false", 0) \
    S(AnnouncementSettings, BannerText,            TEXT,         "\"\"", 0) \
    S(AnnouncementSettings, BannerColor,           TEXT,         "\"#8A5A00\"", 0) /* amber of the light theme */ \
    S(AnnouncementSettings, BannerTextColor,       TEXT,         "\"#FFFFFF\"", 0) \
    S(AnnouncementSettings, AllowBannerDismissal,  BOOL,         "true", 0) \
    S(AnnouncementSettings, AdminNoticesEnabled,   BOOL,         "false", 0) /* no phone-home */ \
    S(AnnouncementSettings, UserNoticesEnabled,    BOOL,         "false", 0) /* no phone-home */ \
    S(AnnouncementSettings, NoticesURL,            TEXT,         "\"\"", 0) /* no phone-home */ \
    S(AnnouncementSettings, NoticesFetchFrequency, INT,          "3600", 0) \
    S(AnnouncementSettings, NoticesSkipCache,      BOOL,         "false", 0) \
    \
    S(ThemeSettings, EnableThemeSelection, BOOL,         "true", 0) \
    S(ThemeSettings, DefaultTheme,         TEXT,         "\"default\"", 0) \
    S(ThemeSettings, AllowCustomThemes,    BOOL,         "true", 0) \
    S(ThemeSettings, AllowedThemes,        LIST_OF_TEXT, "[]", 0) \
    \
    S(GitLabSettings, Enable,               BOOL,         "false", 0) \
    S(GitLabSettings, Secret,               TEXT,         "\"\"", SECRET) \
    S(GitLabSettings, Id,                   TEXT,         "\"\"", 0) \
    S(GitLabSettings, Scope,                TEXT,         "\"\"", 0) \
    S(GitLabSettings, AuthEndpoint,         TEXT,         "\"\"", 0) \
    S(GitLabSettings, TokenEndpoint,        TEXT,         "\"\"", 0) \
    S(GitLabSettings, UserAPIEndpoint,      TEXT,         "\"\"", 0) \
    S(GitLabSettings, DiscoveryEndpoint,    TEXT,         "\"\"", 0) \
    S(GitLabSettings, ButtonText,           TEXT,         "\"\"", 0) \
    S(GitLabSettings, ButtonColor,          TEXT,         "\"\"", 0) \
    S(GitLabSettings, UsePreferredUsername, BOOL,         "false", 0) \
    \
    S(GoogleSettings, Enable,               BOOL,         "false", 0) \
    S(GoogleSettings, Secret,               TEXT,         "\"\"", SECRET) \
    S(GoogleSettings, Id,                   TEXT,         "\"\"", 0) \
    S(GoogleSettings, Scope,                TEXT,         "\"profile email\"", 0) \
    S(GoogleSettings, AuthEndpoint,         TEXT,         "\"https://accounts.google.com/o/oauth2/v2/auth\"", 0) \
    S(GoogleSettings, TokenEndpoint,        TEXT,         "\"https://www.googleapis.com/oauth2/v4/token\"", 0) \
    S(GoogleSettings, UserAPIEndpoint,      TEXT,         "\"https://people.googleapis.com/v1/people/me?personFields=names,emailAddresses,nicknames,metadata\"", 0) \
    S(GoogleSettings, DiscoveryEndpoint,    TEXT,         "\"\"", 0) \
    S(GoogleSettings, ButtonText,           TEXT,         "\"\"", 0) \
    S(GoogleSettings, ButtonColor,          TEXT,         "\"\"", 0) \
    S(GoogleSettings, UsePreferredUsername, BOOL,         "false", 0) \
    \
    S(Office365Settings, Enable,               BOOL,         "false", 0) \
    S(Office365Settings, Secret,               TEXT,         "\"\"", SECRET) \
    S(Office365Settings, Id,                   TEXT,         "\"\"", 0) \
    S(Office365Settings, Scope,                TEXT,         "\"User.Read\"", 0) \
    S(Office365Settings, AuthEndpoint,         TEXT,         "\"https://login.microsoftonline.com/common/oauth2/v2.0/authorize\"", 0) \
    S(Office365Settings, TokenEndpoint,        TEXT,         "\"https://login.microsoftonline.com/common/oauth2/v2.0/token\"", 0) \
    S(Office365Settings, UserAPIEndpoint,      TEXT,         "\"https://graph.microsoft.com/v1.0/me\"", 0) \
    S(Office365Settings, DiscoveryEndpoint,    TEXT,         "\"\"", 0) \
    S(Office365Settings, DirectoryId,          TEXT,         "\"\"", 0) \
    S(Office365Settings, UsePreferredUsername, BOOL,         "false", 0) \
    \
    S(OpenIdSettings, Enable,               BOOL,         "false", 0) \
    S(OpenIdSettings, Secret,               TEXT,         "\"\"", SECRET) \
    S(OpenIdSettings, Id,                   TEXT,         "\"\"", 0) \
    S(OpenIdSettings, Scope,                TEXT,         "\"profile openid email\"", 0) \
    S(OpenIdSettings, AuthEndpoint,         TEXT,         "\"\"", 0) \
    S(OpenIdSettings, TokenEndpoint,        TEXT,         "\"\"", 0) \
    S(OpenIdSettings, UserAPIEndpoint,      TEXT,         "\"\"", 0) \
    S(OpenIdSettings, DiscoveryEndpoint,    TEXT,         "\"\"", 0) \
    S(OpenIdSettings, ButtonText,           TEXT,         "\"\"", 0) \
    S(OpenIdSettings, ButtonColor,          TEXT,         "\"#145DBF\"", 0) \
    S(OpenIdSettings, UsePreferredUsername, BOOL,         "false", 0) \
    \
    S(LdapSettings, Enable,                      BOOL,         "false", 0) \
    S(LdapSettings, EnableSync,                  BOOL,         "false", 0) \
    S(LdapSettings, LdapServer,                  TEXT,         "\"\"", 0) \
    S(LdapSettings, LdapPort,                    INT,          "389", 0) \
    S(LdapSettings, ConnectionSecurity,          TEXT,         "\"\"", 0) \
    S(LdapSettings, BaseDN,                      TEXT,         "\"\"", 0) \
    S(LdapSettings, BindUsername,                TEXT,         "\"\"", 0) \
    S(LdapSettings, BindPassword,                TEXT,         "\"\"", SECRET) \
    S(LdapSettings, MaximumLoginAttempts,        INT,          "10", 0) \
    S(LdapSettings, UserFilter,                  TEXT,         "\"\"", 0) \
    S(LdapSettings, GroupFilter,                 TEXT,         "\"\"", 0) \
    S(LdapSettings, GuestFilter,                 TEXT,         "\"\"", 0) \
    S(LdapSettings, EnableAdminFilter,           BOOL,         "false", 0) \
    S(LdapSettings, AdminFilter,                 TEXT,         "\"\"", 0) \
    S(LdapSettings, GroupDisplayNameAttribute,   TEXT,         "\"\"", 0) \
    S(LdapSettings, GroupIdAttribute,            TEXT,         "\"\"", 0) \
    S(LdapSettings, FirstNameAttribute,          TEXT,         "\"\"", 0) \
    S(LdapSettings, LastNameAttribute,           TEXT,         "\"\"", 0) \
    S(LdapSettings, EmailAttribute,              TEXT,         "\"\"", 0) \
    S(LdapSettings, UsernameAttribute,           TEXT,         "\"\"", 0) \
    S(LdapSettings, NicknameAttribute,           TEXT,         "\"\"", 0) \
    S(LdapSettings, IdAttribute,                 TEXT,         "\"\"", 0) \
    S(LdapSettings, PositionAttribute,           TEXT,         "\"\"", 0) \
    S(LdapSettings, LoginIdAttribute,            TEXT,         "\"\"", 0) \
    S(LdapSettings, PictureAttribute,            TEXT,         "\"\"", 0) \
    S(LdapSettings, SyncIntervalMinutes,         INT,          "60", 0) \
    S(LdapSettings, ReAddRemovedMembers,         BOOL,         "false", 0) \
    S(LdapSettings, SkipCertificateVerification, BOOL,         "false", 0) \
    S(LdapSettings, PublicCertificateFile,       TEXT,         "\"\"", 0) \
    S(LdapSettings, PrivateKeyFile,              TEXT,         "\"\"", 0) \
    S(LdapSettings, QueryTimeout,                INT,          "60", 0) \
    S(LdapSettings, MaxPageSize,                 INT,          "0", 0) \
    S(LdapSettings, LoginFieldName,              TEXT,         "\"\"", 0) \
    S(LdapSettings, LoginButtonColor,            TEXT,         "\"#0000\"", 0) \
    S(LdapSettings, LoginButtonBorderColor,      TEXT,         "\"#2389D7\"", 0) \
    S(LdapSettings, LoginButtonTextColor,        TEXT,         "\"#2389D7\"", 0) \
    \
    S(ComplianceSettings, Enable,      BOOL,         "false", 0) \
    S(ComplianceSettings, Directory,   TEXT,         "\"./data/\"", 0) \
    S(ComplianceSettings, EnableDaily, BOOL,         "false", 0) \
    S(ComplianceSettings, BatchSize,   INT,          "30000", 0) \
    \
    S(LocalizationSettings, DefaultServerLocale,       TEXT,         "\"en\"", 0) \
    S(LocalizationSettings, DefaultClientLocale,       TEXT,         "\"en\"", 0) \
    S(LocalizationSettings, AvailableLocales,          TEXT,         "\"\"", 0) \
    S(LocalizationSettings, EnableExperimentalLocales, BOOL,         "false", 0) \
    \
    S(SamlSettings, Enable,                        BOOL,         "false", 0) \
    S(SamlSettings, EnableSyncWithLdap,            BOOL,         "false", 0) \
    S(SamlSettings, EnableSyncWithLdapIncludeAuth, BOOL,         "false", 0) \
    S(SamlSettings, IgnoreGuestsLdapSync,          BOOL,         "false", 0) \
    S(SamlSettings, Verify,                        BOOL,         "true", 0) \
    S(SamlSettings, Encrypt,                       BOOL,         "true", 0) \
    S(SamlSettings, SignRequest,                   BOOL,         "false", 0) \
    S(SamlSettings, IdpURL,                        TEXT,         "\"\"", 0) \
    S(SamlSettings, IdpDescriptorURL,              TEXT,         "\"\"", 0) \
    S(SamlSettings, IdpMetadataURL,                TEXT,         "\"\"", 0) \
    S(SamlSettings, ServiceProviderIdentifier,     TEXT,         "\"\"", 0) \
    S(SamlSettings, AssertionConsumerServiceURL,   TEXT,         "\"\"", 0) \
    S(SamlSettings, SignatureAlgorithm,            TEXT,         "\"RSAwithSHA256\"", 0) \
    S(SamlSettings, CanonicalAlgorithm,            TEXT,         "\"Canonical1.0\"", 0) \
    S(SamlSettings, ScopingIDPProviderId,          TEXT,         "\"\"", 0) \
    S(SamlSettings, ScopingIDPName,                TEXT,         "\"\"", 0) \
    S(SamlSettings, IdpCertificateFile,            TEXT,         "\"\"", 0) \
    S(SamlSettings, PublicCertificateFile,         TEXT,         "\"\"", 0) \
    S(SamlSettings, PrivateKeyFile,                TEXT,         "\"\"", 0) \
    S(SamlSettings, IdAttribute,                   TEXT,         "\"\"", 0) \
    S(SamlSettings, GuestAttribute,                TEXT,         "\"\"", 0) \
    S(SamlSettings, EnableAdminAttribute,          BOOL,         "false", 0) \
    S(SamlSettings, AdminAttribute,                TEXT,         "\"\"", 0) \
    S(SamlSettings, FirstNameAttribute,            TEXT,         "\"\"", 0) \
    S(SamlSettings, LastNameAttribute,             TEXT,         "\"\"", 0) \
    S(SamlSettings, EmailAttribute,                TEXT,         "\"\"", 0) \
    S(SamlSettings, UsernameAttribute,             TEXT,         "\"\"", 0) \
    S(SamlSettings, NicknameAttribute,             TEXT,         "\"\"", 0) \
    S(SamlSettings, LocaleAttribute,               TEXT,         "\"\"", 0) \
    S(SamlSettings, PositionAttribute,             TEXT,         "\"\"", 0) \
    S(SamlSettings, LoginButtonText,               TEXT,         "\"SAML\"", 0) \
    S(SamlSettings, LoginButtonColor,              TEXT,         "\"#34a28b\"", 0) \
    S(SamlSettings, LoginButtonBorderColor,        TEXT,         "\"#2389D7\"", 0) \
    S(SamlSettings, LoginButtonTextColor,          TEXT,         "\"#ffffff\"", 0) \
    \
    S(NativeAppSettings, AppCustomURLSchemes,           LIST_OF_TEXT, "[\"mmauth://\",\"mmauthbeta://\"]", 0) \
    S(NativeAppSettings, AppDownloadLink,               TEXT,         "\"\"", 0) \
    S(NativeAppSettings, AndroidAppDownloadLink,        TEXT,         "\"\"", 0) \
    S(NativeAppSettings, IosAppDownloadLink,            TEXT,         "\"\"", 0) \
    S(NativeAppSettings, MobileExternalBrowser,         BOOL,         "false", 0) \
    S(NativeAppSettings, MobileEnableBiometrics,        BOOL,         "false", 0) \
    S(NativeAppSettings, MobilePreventScreenCapture,    BOOL,         "false", 0) \
    S(NativeAppSettings, MobileJailbreakProtection,     BOOL,         "false", 0) \
    S(NativeAppSettings, MobileEnableSecureFilePreview, BOOL,         "false", 0) \
    S(NativeAppSettings, MobileAllowPdfLinkNavigation,  BOOL,         "false", 0) \
    S(NativeAppSettings, EnableIntuneMAM,               BOOL,         "false", 0) \
    \
    S(IntuneSettings, Enable,      BOOL,         "false", 0) \
    S(IntuneSettings, TenantId,    TEXT,         "\"\"", 0) \
    S(IntuneSettings, ClientId,    TEXT,         "\"\"", 0) \
    S(IntuneSettings, AuthService, TEXT,         "\"\"", 0) \
    \
    S(CacheSettings, CacheType,          TEXT,         "\"lru\"", RESTART) \
    S(CacheSettings, RedisAddress,       TEXT,         "\"\"", RESTART) \
    S(CacheSettings, RedisPassword,      TEXT,         "\"\"", SECRET | RESTART) \
    S(CacheSettings, RedisDB,            INT,          "-1", RESTART) \
    S(CacheSettings, RedisCachePrefix,   TEXT,         "\"\"", RESTART) \
    S(CacheSettings, DisableClientCache, BOOL,         "false", RESTART) \
    \
    S(ClusterSettings, Enable,                  BOOL,         "false", RESTART) \
    S(ClusterSettings, ClusterName,             TEXT,         "\"\"", RESTART) \
    S(ClusterSettings, OverrideHostname,        TEXT,         "\"\"", RESTART) \
    S(ClusterSettings, NetworkInterface,        TEXT,         "\"\"", RESTART) \
    S(ClusterSettings, BindAddress,             TEXT,         "\"\"", RESTART) \
    S(ClusterSettings, AdvertiseAddress,        TEXT,         "\"\"", RESTART) \
    S(ClusterSettings, UseIPAddress,            BOOL,         "true", RESTART) \
    S(ClusterSettings, EnableGossipCompression, BOOL,         "true", RESTART) \
    S(ClusterSettings, EnableGossipEncryption,  BOOL,         "true", RESTART) \
    S(ClusterSettings, ReadOnlyConfig,          BOOL,         "true", RESTART) \
    S(ClusterSettings, GossipPort,              INT,          "8074", RESTART) \
    \
    S(MetricsSettings, Enable,                    BOOL,         "false", RESTART) \
    S(MetricsSettings, BlockProfileRate,          INT,          "0", 0) \
    S(MetricsSettings, ListenAddress,             TEXT,         "\":8067\"", RESTART) \
    S(MetricsSettings, EnableClientMetrics,       BOOL,         "true", 0) \
    S(MetricsSettings, EnableNotificationMetrics, BOOL,         "true", 0) \
    S(MetricsSettings, ClientSideUserIds,         LIST_OF_TEXT, "[]", 0) \
    \
    S(ExperimentalSettings, ClientSideCertEnable,                                  BOOL,         "false", 0) \
    S(ExperimentalSettings, LinkMetadataTimeoutMilliseconds,                       INT,          "5000", 0) \
    S(ExperimentalSettings, RestrictSystemAdmin,                                   BOOL,         "false", 0) \
    S(ExperimentalSettings, EnableSharedChannels,                                  BOOL,         "false", 0) \
    S(ExperimentalSettings, EnableRemoteClusterService,                            BOOL,         "false", 0) \
    S(ExperimentalSettings, DisableAppBar,                                         BOOL,         "false", 0) \
    S(ExperimentalSettings, DisableRefetchingOnBrowserFocus,                       BOOL,         "false", 0) \
    S(ExperimentalSettings, DelayChannelAutocomplete,                              BOOL,         "false", 0) \
    S(ExperimentalSettings, DisableWakeUpReconnectHandler,                         BOOL,         "false", 0) \
    S(ExperimentalSettings, UsersStatusAndProfileFetchingPollIntervalMilliseconds, INT,          "3000", 0) \
    S(ExperimentalSettings, YoutubeReferrerPolicy,                                 BOOL,         "false", 0) \
    S(ExperimentalSettings, ExperimentalChannelCategorySorting,                    BOOL,         "false", 0) \
    \
    S(AnalyticsSettings, MaxUsersForStatistics, INT,          "2500", 0) \
    \
    S(ElasticsearchSettings, ConnectionURL,                               TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, Backend,                                     TEXT,         "\"elasticsearch\"", 0) \
    S(ElasticsearchSettings, Username,                                    TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, Password,                                    TEXT,         "\"\"", SECRET) \
    S(ElasticsearchSettings, EnableIndexing,                              BOOL,         "false", 0) \
    S(ElasticsearchSettings, EnableSearching,                             BOOL,         "false", 0) \
    S(ElasticsearchSettings, EnableCJKAnalyzers,                          BOOL,         "true", 0) \
    S(ElasticsearchSettings, EnableAutocomplete,                          BOOL,         "false", 0) \
    S(ElasticsearchSettings, Sniff,                                       BOOL,         "true", 0) \
    S(ElasticsearchSettings, PostIndexReplicas,                           INT,          "1", 0) \
    S(ElasticsearchSettings, PostIndexShards,                             INT,          "1", 0) \
    S(ElasticsearchSettings, ChannelIndexReplicas,                        INT,          "1", 0) \
    S(ElasticsearchSettings, ChannelIndexShards,                          INT,          "1", 0) \
    S(ElasticsearchSettings, UserIndexReplicas,                           INT,          "1", 0) \
    S(ElasticsearchSettings, UserIndexShards,                             INT,          "1", 0) \
    S(ElasticsearchSettings, AggregatePostsAfterDays,                     INT,          "365", 0) \
    S(ElasticsearchSettings, PostsAggregatorJobStartTime,                 TEXT,         "\"03:00\"", 0) \
    S(ElasticsearchSettings, IndexPrefix,                                 TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, GlobalSearchPrefix,                          TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, LiveIndexingBatchSize,                       INT,          "10", 0) \
    S(ElasticsearchSettings, BatchSize,                                   INT,          "10000", 0) \
    S(ElasticsearchSettings, RequestTimeoutSeconds,                       INT,          "30", 0) \
    S(ElasticsearchSettings, SkipTLSVerification,                         BOOL,         "false", 0) \
    S(ElasticsearchSettings, CA,                                          TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, ClientCert,                                  TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, ClientKey,                                   TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, Trace,                                       TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, IgnoredPurgeIndexes,                         TEXT,         "\"\"", 0) \
    S(ElasticsearchSettings, EnableSearchPublicChannelsWithoutMembership, BOOL,         "false", 0) \
    \
    S(DataRetentionSettings, EnableMessageDeletion,          BOOL,         "false", 0) \
    S(DataRetentionSettings, EnableFileDeletion,             BOOL,         "false", 0) \
    S(DataRetentionSettings, EnableBoardsDeletion,           BOOL,         "false", 0) \
    S(DataRetentionSettings, MessageRetentionDays,           INT,          "365", 0) \
    S(DataRetentionSettings, MessageRetentionHours,          INT,          "0", 0) \
    S(DataRetentionSettings, FileRetentionDays,              INT,          "365", 0) \
    S(DataRetentionSettings, FileRetentionHours,             INT,          "0", 0) \
    S(DataRetentionSettings, BoardsRetentionDays,            INT,          "365", 0) \
    S(DataRetentionSettings, DeletionJobStartTime,           TEXT,         "\"02:00\"", 0) \
    S(DataRetentionSettings, BatchSize,                      INT,          "3000", 0) \
    S(DataRetentionSettings, TimeBetweenBatchesMilliseconds, INT,          "100", 0) \
    S(DataRetentionSettings, RetentionIdsBatchSize,          INT,          "100", 0) \
    S(DataRetentionSettings, PreservePinnedPosts,            BOOL,         "false", 0) \
    \
    S(MessageExportSettings, EnableExport,            BOOL,         "false", 0) \
    S(MessageExportSettings, ExportFormat,            TEXT,         "\"actiance\"", 0) \
    S(MessageExportSettings, DailyRunTime,            TEXT,         "\"01:00\"", 0) \
    S(MessageExportSettings, ExportFromTimestamp,     INT,          "0", 0) \
    S(MessageExportSettings, BatchSize,               INT,          "10000", 0) \
    S(MessageExportSettings, DownloadExportResults,   BOOL,         "false", 0) \
    S(MessageExportSettings, ChannelBatchSize,        INT,          "100", 0) \
    S(MessageExportSettings, ChannelHistoryBatchSize, INT,          "10", 0) \
    S(MessageExportSettings, GlobalRelaySettings,     JSON,         "{\"CustomerType\":\"A9\",\"SMTPUsername\":\"\",\"SMTPPassword\":\"\",\"EmailAddress\":\"\",\"SMTPServerTimeout\":1800,\"CustomSMTPServerName\":\"\",\"CustomSMTPPort\":\"25\"}", SECRET) \
    \
    S(JobSettings, RunJobs,                    BOOL,         "true", RESTART) \
    S(JobSettings, RunScheduler,               BOOL,         "true", RESTART) \
    S(JobSettings, CleanupJobsThresholdDays,   INT,          "-1", 0) \
    S(JobSettings, CleanupConfigThresholdDays, INT,          "-1", 0) \
    \
    S(PluginSettings, Enable,                      BOOL,         "false", 0) /* no plug-ins of others run inside this server */ \
    S(PluginSettings, EnableUploads,               BOOL,         "false", 0) \
    S(PluginSettings, AllowInsecureDownloadURL,    BOOL,         "false", 0) \
    S(PluginSettings, EnableHealthCheck,           BOOL,         "false", 0) \
    S(PluginSettings, Directory,                   TEXT,         "\"./plugins\"", 0) \
    S(PluginSettings, ClientDirectory,             TEXT,         "\"./client/plugins\"", 0) \
    S(PluginSettings, Plugins,                     JSON,         "{}", 0) \
    S(PluginSettings, PluginStates,                JSON,         "{}", 0) \
    S(PluginSettings, EnableMarketplace,           BOOL,         "false", 0) /* no phone-home */ \
    S(PluginSettings, EnableRemoteMarketplace,     BOOL,         "false", 0) /* no phone-home */ \
    S(PluginSettings, AutomaticPrepackagedPlugins, BOOL,         "false", 0) \
    S(PluginSettings, RequirePluginSignature,      BOOL,         "false", 0) \
    S(PluginSettings, MarketplaceURL,              TEXT,         "\"\"", 0) /* no phone-home */ \
    S(PluginSettings, SignaturePublicKeyFiles,     LIST_OF_TEXT, "[]", 0) \
    S(PluginSettings, ChimeraOAuthProxyURL,        TEXT,         "\"\"", 0) \
    \
    S(DisplaySettings, CustomURLSchemes, LIST_OF_TEXT, "[]", 0) \
    S(DisplaySettings, MaxMarkdownNodes, INT,          "0", 0) \
    \
    S(GuestAccountsSettings, Enable,                           BOOL,         "false", 0) \
    S(GuestAccountsSettings, HideTags,                         BOOL,         "false", 0) \
    S(GuestAccountsSettings, AllowEmailAccounts,               BOOL,         "true", 0) \
    S(GuestAccountsSettings, EnforceMultifactorAuthentication, BOOL,         "false", 0) \
    S(GuestAccountsSettings, RestrictCreationToDomains,        TEXT,         "\"\"", 0) \
    S(GuestAccountsSettings, EnableGuestMagicLink,             BOOL,         "false", 0) \
    \
    S(ImageProxySettings, Enable,                  BOOL,         "false", 0) \
    S(ImageProxySettings, ImageProxyType,          TEXT,         "\"local\"", 0) \
    S(ImageProxySettings, RemoteImageProxyURL,     TEXT,         "\"\"", 0) \
    S(ImageProxySettings, RemoteImageProxyOptions, TEXT,         "\"\"", 0) \
    \
    S(CloudSettings, CWSURL,                TEXT,         "\"\"", 0) /* no phone-home */ \
    S(CloudSettings, CWSAPIURL,             TEXT,         "\"\"", 0) /* no phone-home */ \
    S(CloudSettings, CWSMock,               BOOL,         "false", 0) \
    S(CloudSettings, Disable,               BOOL,         "true", 0) /* no phone-home */ \
    S(CloudSettings, PreviewModalBucketURL, TEXT,         "\"\"", 0) \
    \
    S(FeatureFlags, TestFeature,                              TEXT,         "\"off\"", 0) \
    S(FeatureFlags, TestBoolFeature,                          BOOL,         "false", 0) \
    S(FeatureFlags, EnableRemoteClusterService,               BOOL,         "false", 0) \
    S(FeatureFlags, EnableSharedChannelsDMs,                  BOOL,         "false", 0) \
    S(FeatureFlags, EnableSharedChannelsPlugins,              BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, EnableSharedChannelsMemberSync,           BOOL,         "false", 0) \
    S(FeatureFlags, EnableSyncAllUsersForRemoteCluster,       BOOL,         "false", 0) \
    S(FeatureFlags, AppsEnabled,                              BOOL,         "false", 0) \
    S(FeatureFlags, PermalinkPreviews,                        BOOL,         "false", 0) \
    S(FeatureFlags, NormalizeLdapDNs,                         BOOL,         "false", 0) \
    S(FeatureFlags, WysiwygEditor,                            BOOL,         "false", 0) \
    S(FeatureFlags, OnboardingTourTips,                       BOOL,         "true", 0) \
    S(FeatureFlags, DeprecateCloudFree,                       BOOL,         "false", 0) \
    S(FeatureFlags, EnableExportDirectDownload,               BOOL,         "false", 0) \
    S(FeatureFlags, MoveThreadsEnabled,                       BOOL,         "false", 0) \
    S(FeatureFlags, StreamlinedMarketplace,                   BOOL,         "false", 0) \
    S(FeatureFlags, CloudIPFiltering,                         BOOL,         "false", 0) \
    S(FeatureFlags, ConsumePostHook,                          BOOL,         "false", 0) \
    S(FeatureFlags, CloudAnnualRenewals,                      BOOL,         "false", 0) \
    S(FeatureFlags, CloudDedicatedExportUI,                   BOOL,         "false", 0) \
    S(FeatureFlags, ChannelBookmarks,                         BOOL,         "true", 0) \
    S(FeatureFlags, WebSocketEventScope,                      BOOL,         "true", 0) \
    S(FeatureFlags, NotificationMonitoring,                   BOOL,         "true", 0) \
    S(FeatureFlags, ExperimentalAuditSettingsSystemConsoleUI, BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, CustomProfileAttributes,                  BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, AttributeBasedAccessControl,              BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, ContentFlagging,                          BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, InteractiveDialogAppsForm,                BOOL,         "true", 0) \
    S(FeatureFlags, EnableMattermostEntry,                    BOOL,         "false", 0) \
    S(FeatureFlags, MobileSSOCodeExchange,                    BOOL,         "false", 0) \
    S(FeatureFlags, AutoTranslation,                          BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, BurnOnRead,                               BOOL,         "false", 0) /* not served yet */ \
    S(FeatureFlags, EnableAIPluginBridge,                     BOOL,         "false", 0) \
    S(FeatureFlags, EnableAIRecaps,                           BOOL,         "false", 0) \
    S(FeatureFlags, CJKSearch,                                BOOL,         "true", 0) \
    \
    S(ImportSettings, Directory,     TEXT,         "\"./import\"", 0) \
    S(ImportSettings, RetentionDays, INT,          "30", 0) \
    \
    S(ExportSettings, Directory,     TEXT,         "\"./export\"", 0) \
    S(ExportSettings, RetentionDays, INT,          "30", 0) \
    \
    S(WranglerSettings, PermittedWranglerRoles,                   LIST_OF_TEXT, "[]", 0) \
    S(WranglerSettings, AllowedEmailDomain,                       LIST_OF_TEXT, "[]", 0) \
    S(WranglerSettings, MoveThreadMaxCount,                       INT,          "100", 0) \
    S(WranglerSettings, MoveThreadToAnotherTeamEnable,            BOOL,         "false", 0) \
    S(WranglerSettings, MoveThreadFromPrivateChannelEnable,       BOOL,         "false", 0) \
    S(WranglerSettings, MoveThreadFromDirectMessageChannelEnable, BOOL,         "false", 0) \
    S(WranglerSettings, MoveThreadFromGroupMessageChannelEnable,  BOOL,         "false", 0) \
    \
    S(ConnectedWorkspacesSettings, EnableSharedChannels,            BOOL,         "false", 0) \
    S(ConnectedWorkspacesSettings, EnableRemoteClusterService,      BOOL,         "false", 0) \
    S(ConnectedWorkspacesSettings, DisableSharedChannelsStatusSync, BOOL,         "false", 0) \
    S(ConnectedWorkspacesSettings, SyncUsersOnConnectionOpen,       BOOL,         "false", 0) \
    S(ConnectedWorkspacesSettings, GlobalUserSyncBatchSize,         INT,          "25", 0) \
    S(ConnectedWorkspacesSettings, MaxPostsPerSync,                 INT,          "50", 0) \
    S(ConnectedWorkspacesSettings, MemberSyncBatchSize,             INT,          "20", 0) \
    \
    S(AccessControlSettings, EnableAttributeBasedAccessControl, BOOL,         "false", 0) \
    S(AccessControlSettings, EnableUserManagedAttributes,       BOOL,         "false", 0) \
    \
    S(ContentFlaggingSettings, EnableContentFlagging, BOOL,         "false", 0) \
    S(ContentFlaggingSettings, NotificationSettings,  JSON,         "{\"EventTargetMapping\":{\"assigned\":[\"reviewers\"],\"dismissed\":[\"reviewers\",\"reporter\"],\"flagged\":[\"reviewers\"],\"removed\":[\"reviewers\",\"author\",\"reporter\"]}}", 0) \
    S(ContentFlaggingSettings, AdditionalSettings,    JSON,         "{\"Reasons\":[\"Confidential\",\"Harassment\",\"Off topic\",\"Spam\",\"Other\"],\"ReporterCommentRequired\":true,\"ReviewerCommentRequired\":true,\"HideFlaggedContent\":true}", 0) \
    S(ContentFlaggingSettings, ReviewerSettings,      JSON,         "{\"CommonReviewers\":true,\"SystemAdminsAsReviewers\":false,\"TeamAdminsAsReviewers\":true}", 0) \
    \
    S(AutoTranslationSettings, Enable,          BOOL,         "false", 0) \
    S(AutoTranslationSettings, RestrictDMAndGM, BOOL,         "false", 0) \
    S(AutoTranslationSettings, Provider,        TEXT,         "\"\"", 0) \
    S(AutoTranslationSettings, TargetLanguages, LIST_OF_TEXT, "[\"en\",\"zh-CN\",\"zh-TW\"]", 0) \
    S(AutoTranslationSettings, Workers,         INT,          "6", 0) \
    S(AutoTranslationSettings, TimeoutMs,       INT,          "5000", 0) \
    S(AutoTranslationSettings, LibreTranslate,  JSON,         "{\"URL\":\"\",\"APIKey\":\"\"}", SECRET) \
    S(AutoTranslationSettings, Agents,          JSON,         "{\"LLMServiceID\":\"\"}", 0)
/* clang-format on */
