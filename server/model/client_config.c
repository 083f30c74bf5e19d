/* What clients are told about this server: the flat client config and the licence object of the v4
 * protocol. */
#include "base/json.h"
#include "model/settings.h"
#include <openssl/evp.h>

enum { POST_MESSAGE_LIMIT_RUNES = 16383, CONFIG_LIMIT_BYTES = 1 << 20 };

/* v4 clients show some parts only when the licence names them, so what this server does must stand
 * there as done. A row becomes true with the code that serves it; while all are false the answer is
 * that of a server without licence. */
/* clang-format off */
#define LICENSE_FEATURES(F)             \
    F(Announcement,              false) \
    F(Cloud,                     false) \
    F(Cluster,                   false) \
    F(Compliance,                false) \
    F(CustomPermissionsSchemes,  false) \
    F(CustomTermsOfService,      false) \
    F(DataRetention,             false) \
    F(Elasticsearch,             false) \
    F(EmailNotificationContents, false) \
    F(GoogleOAuth,               false) \
    F(GuestAccounts,             false) \
    F(GuestAccountsPermissions,  false) \
    F(IDLoadedPushNotifications, false) \
    F(LDAP,                      false) \
    F(LDAPGroups,                false) \
    F(LockTeammateNameDisplay,   false) \
    F(MFA,                       false) \
    F(MHPNS,                     false) \
    F(MessageExport,             false) \
    F(Metrics,                   false) \
    F(Office365OAuth,            false) \
    F(OpenId,                    false) \
    F(OutgoingOAuthConnections,  false) \
    F(RemoteClusterService,      false) \
    F(SAML,                      false) \
    F(SharedChannels,            false)
/* clang-format on */
#define FEATURE_OR(name, is_served) || (is_served)
static const bool IS_LICENSED = false LICENSE_FEATURES(FEATURE_OR);
/* Without a row of its own in the licence: clients read the client config. */
static const bool SERVES_CUSTOM_GROUPS = false;

void settings_write_client_license(const Settings *settings, bool has_session, Buf *out)
{
    (void)settings;
    (void)has_session; /* nothing in it is only for members */
    json_open(out);
    json_key(out, "IsLicensed");
    json_str(out, IS_LICENSED ? STR("true") : STR("false"));
    if (IS_LICENSED) {
        static const struct {
            const char *key, *value;
        } members[] = {{"SkuShortName", "enterprise"},
                       {"IsTrial", "false"},
                       {"IsGovSku", "false"},
#define FEATURE_MEMBER(name, is_served) {#name, (is_served) ? "true" : "false"},
                       LICENSE_FEATURES(FEATURE_MEMBER)};
        for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
            json_key(out, members[i].key);
            json_str(out, str_of(members[i].value));
        }
    }
    json_close(out);
}

/* Values as clients read them: everything a text. An int has no place here: in C a comparison is one, and a client
 * would read "0" for "false". */
static void write_text(Buf *out, Str value)
{
    json_str(out, value);
}
static void write_flag(Buf *out, bool value)
{
    json_str(out, value ? STR("true") : STR("false"));
}
static void write_number(Buf *out, int64_t value)
{
    buf_append_char(out, '"');
    buf_append_int(out, value);
    buf_append_char(out, '"');
}
/* clang 14 takes these for ints. */
#undef true
#undef false
#define true ((bool)1)
#define false ((bool)0)
/* clang-format off */
#define write_value(out, value)                                                                    \
    _Generic((value), Str: write_text, bool: write_flag, int64_t: write_number)(out, value)
/* clang-format on */

static bool is_set(Str text)
{
    return text.len > 0;
}
static bool both(bool is_wanted, bool is_served)
{
    return is_wanted && is_served;
}
static Str when(bool is_on, Str text)
{
    return is_on ? text : STR_EMPTY;
}
/* A theme of the client's own choice has no name. */
static Str theme(Str name)
{
    return when(!str_eq(name, STR("default")), name);
}
static Str url(Str url)
{
    return str_ends_with(url, STR("/")) ? str_slice(url, 0, url.len - 1) : url;
}
static int64_t retention_hours(int64_t days, int64_t hours, bool is_on)
{
    return !is_on ? 0 : hours > 0 ? hours : days * 24;
}
/* The items of a list, commas between. */
static Str join(Arena *arena, Str list)
{
    StrVec items = settings_list(arena, list);
    Str joined = STR_EMPTY;
    for (size_t i = 0; i < items.len; i++)
        joined = i == 0 ? items.items[i]
                        : str_printf(arena, STR_FMT "," STR_FMT, STR_ARG(joined),
                                     STR_ARG(items.items[i]));
    return joined;
}

/* C(key, who is told, value). Sorted by key. The feature flags follow from their section of the
 * settings. */
/* clang-format off */
#define CLIENT_CONFIG(C) \
    C(AboutLink,                                             ANYONE,  s->SupportSettings_AboutLink) \
    C(AllowBannerDismissal,                                  SESSION, s->AnnouncementSettings_AllowBannerDismissal) \
    C(AllowCustomThemes,                                     SESSION, s->ThemeSettings_AllowCustomThemes) \
    C(AllowDownloadLogs,                                     ANYONE,  s->SupportSettings_AllowDownloadLogs) \
    C(AllowPersistentNotifications,                          SESSION, s->ServiceSettings_AllowPersistentNotifications) \
    C(AllowPersistentNotificationsForGuests,                 SESSION, s->ServiceSettings_AllowPersistentNotificationsForGuests) \
    C(AllowSyncedDrafts,                                     SESSION, s->ServiceSettings_AllowSyncedDrafts) \
    C(AllowedThemes,                                         SESSION, list(s->ThemeSettings_AllowedThemes)) \
    C(AndroidAppDownloadLink,                                ANYONE,  s->NativeAppSettings_AndroidAppDownloadLink) \
    C(AndroidLatestVersion,                                  ANYONE,  s->ClientRequirements_AndroidLatestVersion) \
    C(AndroidMinVersion,                                     ANYONE,  s->ClientRequirements_AndroidMinVersion) \
    C(AppDownloadLink,                                       ANYONE,  s->NativeAppSettings_AppDownloadLink) \
    C(AppsPluginEnabled,                                     ANYONE,  false) \
    C(AsymmetricSigningPublicKey,                            ANYONE,  facts->asymmetric_key) \
    C(AutoTranslationLanguages,                              SESSION, list(s->AutoTranslationSettings_TargetLanguages)) \
    C(AvailableLocales,                                      SESSION, s->LocalizationSettings_AvailableLocales) \
    C(BannerColor,                                           SESSION, s->AnnouncementSettings_BannerColor) \
    C(BannerText,                                            SESSION, s->AnnouncementSettings_BannerText) \
    C(BannerTextColor,                                       SESSION, s->AnnouncementSettings_BannerTextColor) \
    C(BuildDate,                                             ANYONE,  facts->build_date) \
    C(BuildEnterpriseReady,                                  ANYONE,  false) \
    C(BuildHash,                                             ANYONE,  facts->build_hash) \
    C(BuildHashEnterprise,                                   ANYONE,  STR_EMPTY) \
    C(BuildNumber,                                           ANYONE,  facts->build_number) \
    C(BurnOnReadDurationSeconds,                             SESSION, s->ServiceSettings_BurnOnReadDurationSeconds) \
    C(BurnOnReadMaximumTimeToLiveSeconds,                    SESSION, s->ServiceSettings_BurnOnReadMaximumTimeToLiveSeconds) \
    C(CWSMock,                                               SESSION, STR_EMPTY) \
    C(CWSURL,                                                ANYONE,  s->CloudSettings_CWSURL) \
    C(CollapsedThreads,                                      SESSION, s->ServiceSettings_CollapsedThreads) \
    C(ContentFlaggingEnabled,                                SESSION, s->ContentFlaggingSettings_EnableContentFlagging) \
    C(CustomBrandText,                                       ANYONE,  s->TeamSettings_CustomBrandText) \
    C(CustomDescriptionText,                                 ANYONE,  s->TeamSettings_CustomDescriptionText) \
    C(CustomTermsOfServiceReAcceptancePeriod,                SESSION, s->SupportSettings_CustomTermsOfServiceReAcceptancePeriod) \
    C(CustomUrlSchemes,                                      SESSION, list(s->DisplaySettings_CustomURLSchemes)) \
    C(DataRetentionEnableFileDeletion,                       SESSION, s->DataRetentionSettings_EnableFileDeletion) \
    C(DataRetentionEnableMessageDeletion,                    SESSION, s->DataRetentionSettings_EnableMessageDeletion) \
    C(DataRetentionFileRetentionHours,                       SESSION, retention_hours(s->DataRetentionSettings_FileRetentionDays, s->DataRetentionSettings_FileRetentionHours, s->DataRetentionSettings_EnableFileDeletion)) \
    C(DataRetentionMessageRetentionHours,                    SESSION, retention_hours(s->DataRetentionSettings_MessageRetentionDays, s->DataRetentionSettings_MessageRetentionHours, s->DataRetentionSettings_EnableMessageDeletion)) \
    C(DefaultClientLocale,                                   ANYONE,  s->LocalizationSettings_DefaultClientLocale) \
    C(DefaultTheme,                                          SESSION, theme(s->ThemeSettings_DefaultTheme)) \
    C(DelayChannelAutocomplete,                              SESSION, s->ExperimentalSettings_DelayChannelAutocomplete) \
    C(DeleteAccountLink,                                     SESSION, s->ServiceSettings_DeleteAccountLink) \
    C(DiagnosticId,                                          ANYONE,  facts->diagnostic_id) \
    C(DiagnosticsEnabled,                                    ANYONE,  s->LogSettings_EnableDiagnostics) \
    C(DisableAppBar,                                         SESSION, s->ExperimentalSettings_DisableAppBar) \
    C(DisableRefetchingOnBrowserFocus,                       SESSION, s->ExperimentalSettings_DisableRefetchingOnBrowserFocus) \
    C(DisableWakeUpReconnectHandler,                         SESSION, s->ExperimentalSettings_DisableWakeUpReconnectHandler) \
    C(EmailLoginButtonBorderColor,                           ANYONE,  s->EmailSettings_LoginButtonBorderColor) \
    C(EmailLoginButtonColor,                                 ANYONE,  s->EmailSettings_LoginButtonColor) \
    C(EmailLoginButtonTextColor,                             ANYONE,  s->EmailSettings_LoginButtonTextColor) \
    C(EmailNotificationContentsType,                         SESSION, s->EmailSettings_EmailNotificationContentsType) \
    C(EnableAskCommunityLink,                                ANYONE,  s->SupportSettings_EnableAskCommunityLink) \
    C(EnableAttributeBasedAccessControl,                     SESSION, s->AccessControlSettings_EnableAttributeBasedAccessControl) \
    C(EnableAutoTranslation,                                 SESSION, s->AutoTranslationSettings_Enable) \
    C(EnableBanner,                                          SESSION, s->AnnouncementSettings_EnableBanner) \
    C(EnableBotAccountCreation,                              ANYONE,  s->ServiceSettings_EnableBotAccountCreation) \
    C(EnableBurnOnRead,                                      SESSION, s->ServiceSettings_EnableBurnOnRead) \
    C(EnableChannelViewedMessages,                           SESSION, s->ServiceSettings_EnableChannelViewedMessages) \
    C(EnableClientMetrics,                                   ANYONE,  s->MetricsSettings_EnableClientMetrics) \
    C(EnableClientPerformanceDebugging,                      SESSION, s->ServiceSettings_EnableClientPerformanceDebugging) \
    C(EnableCluster,                                         SESSION, s->ClusterSettings_Enable) \
    C(EnableCommands,                                        SESSION, s->ServiceSettings_EnableCommands) \
    C(EnableCompliance,                                      SESSION, s->ComplianceSettings_Enable) \
    C(EnableComplianceExport,                                ANYONE,  s->MessageExportSettings_EnableExport) \
    C(EnableConfirmNotificationsToChannel,                   SESSION, s->TeamSettings_EnableConfirmNotificationsToChannel) \
    C(EnableCrossTeamSearch,                                 SESSION, s->ServiceSettings_EnableCrossTeamSearch) \
    C(EnableCustomBrand,                                     ANYONE,  s->TeamSettings_EnableCustomBrand) \
    C(EnableCustomEmoji,                                     ANYONE,  s->ServiceSettings_EnableCustomEmoji) \
    C(EnableCustomGroups,                                    SESSION, both(s->ServiceSettings_EnableCustomGroups, SERVES_CUSTOM_GROUPS)) \
    C(EnableCustomTermsOfService,                            SESSION, s->SupportSettings_CustomTermsOfServiceEnabled) \
    C(EnableCustomUserStatuses,                              SESSION, s->TeamSettings_EnableCustomUserStatuses) \
    C(EnableDesktopLandingPage,                              ANYONE,  s->ServiceSettings_EnableDesktopLandingPage) \
    C(EnableDeveloper,                                       SESSION, s->ServiceSettings_EnableDeveloper) \
    C(EnableDiagnostics,                                     ANYONE,  s->LogSettings_EnableDiagnostics) \
    C(EnableEmailBatching,                                   SESSION, s->EmailSettings_EnableEmailBatching) \
    C(EnableEmailInvitations,                                SESSION, s->ServiceSettings_EnableEmailInvitations) \
    C(EnableEmojiPicker,                                     SESSION, s->ServiceSettings_EnableEmojiPicker) \
    C(EnableExperimentalLocales,                             SESSION, s->LocalizationSettings_EnableExperimentalLocales) \
    C(EnableFile,                                            ANYONE,  s->LogSettings_EnableFile) \
    C(EnableFileAttachments,                                 SESSION, s->FileSettings_EnableFileAttachments) \
    C(EnableGifPicker,                                       SESSION, s->ServiceSettings_EnableGifPicker) \
    C(EnableGuestAccounts,                                   ANYONE,  s->GuestAccountsSettings_Enable) \
    C(EnableGuestMagicLink,                                  ANYONE,  s->GuestAccountsSettings_EnableGuestMagicLink) \
    C(EnableIncomingWebhooks,                                SESSION, s->ServiceSettings_EnableIncomingWebhooks) \
    C(EnableInlineLatex,                                     SESSION, s->ServiceSettings_EnableInlineLatex) \
    C(EnableJoinLeaveMessageByDefault,                       ANYONE,  s->TeamSettings_EnableJoinLeaveMessageByDefault) \
    C(EnableLastActiveTime,                                  SESSION, s->TeamSettings_EnableLastActiveTime) \
    C(EnableLatex,                                           SESSION, s->ServiceSettings_EnableLatex) \
    C(EnableLdap,                                            ANYONE,  s->LdapSettings_Enable) \
    C(EnableLinkPreviews,                                    SESSION, s->ServiceSettings_EnableLinkPreviews) \
    C(EnableMarketplace,                                     SESSION, s->PluginSettings_EnableMarketplace) \
    C(EnableMetrics,                                         SESSION, s->MetricsSettings_Enable) \
    C(EnableMobileFileDownload,                              SESSION, s->FileSettings_EnableMobileDownload) \
    C(EnableMobileFileUpload,                                SESSION, s->FileSettings_EnableMobileUpload) \
    C(EnableMultifactorAuthentication,                       ANYONE,  s->ServiceSettings_EnableMultifactorAuthentication) \
    C(EnableNotificationMetrics,                             SESSION, s->MetricsSettings_EnableNotificationMetrics) \
    C(EnableOAuthServiceProvider,                            SESSION, s->ServiceSettings_EnableOAuthServiceProvider) \
    C(EnableOnboardingFlow,                                  SESSION, s->ServiceSettings_EnableOnboardingFlow) \
    C(EnableOpenServer,                                      ANYONE,  s->TeamSettings_EnableOpenServer) \
    C(EnableOutgoingOAuthConnections,                        SESSION, s->ServiceSettings_EnableOutgoingOAuthConnections) \
    C(EnableOutgoingWebhooks,                                SESSION, s->ServiceSettings_EnableOutgoingWebhooks) \
    C(EnablePermalinkPreviews,                               SESSION, s->ServiceSettings_EnablePermalinkPreviews) \
    C(EnablePostIconOverride,                                SESSION, s->ServiceSettings_EnablePostIconOverride) \
    C(EnablePostUsernameOverride,                            SESSION, s->ServiceSettings_EnablePostUsernameOverride) \
    C(EnablePreviewModeBanner,                               SESSION, s->EmailSettings_EnablePreviewModeBanner) \
    C(EnablePublicLink,                                      SESSION, s->FileSettings_EnablePublicLink) \
    C(EnableSVGs,                                            SESSION, s->ServiceSettings_EnableSVGs) \
    C(EnableSaml,                                            ANYONE,  s->SamlSettings_Enable) \
    C(EnableSignInWithEmail,                                 ANYONE,  s->EmailSettings_EnableSignInWithEmail) \
    C(EnableSignInWithUsername,                              ANYONE,  s->EmailSettings_EnableSignInWithUsername) \
    C(EnableSignUpWithEmail,                                 ANYONE,  s->EmailSettings_EnableSignUpWithEmail) \
    C(EnableSignUpWithGitLab,                                SESSION, s->GitLabSettings_Enable) \
    C(EnableSignUpWithGoogle,                                ANYONE,  s->GoogleSettings_Enable) \
    C(EnableSignUpWithOffice365,                             ANYONE,  s->Office365Settings_Enable) \
    C(EnableSignUpWithOpenId,                                ANYONE,  s->OpenIdSettings_Enable) \
    C(EnableTesting,                                         SESSION, s->ServiceSettings_EnableTesting) \
    C(EnableThemeSelection,                                  SESSION, s->ThemeSettings_EnableThemeSelection) \
    C(EnableTutorial,                                        SESSION, s->ServiceSettings_EnableTutorial) \
    C(EnableUserAccessTokens,                                SESSION, s->ServiceSettings_EnableUserAccessTokens) \
    C(EnableUserCreation,                                    ANYONE,  s->TeamSettings_EnableUserCreation) \
    C(EnableUserDeactivation,                                SESSION, s->TeamSettings_EnableUserDeactivation) \
    C(EnableUserManagedAttributes,                           SESSION, s->AccessControlSettings_EnableUserManagedAttributes) \
    C(EnableUserStatuses,                                    ANYONE,  s->ServiceSettings_EnableUserStatuses) \
    C(EnableUserTypingMessages,                              SESSION, s->ServiceSettings_EnableUserTypingMessages) \
    C(EnforceMultifactorAuthentication,                      ANYONE,  s->ServiceSettings_EnforceMultifactorAuthentication) \
    C(ExperimentalChannelCategorySorting,                    SESSION, s->ExperimentalSettings_ExperimentalChannelCategorySorting) \
    C(ExperimentalEnableAuthenticationTransfer,              SESSION, s->ServiceSettings_ExperimentalEnableAuthenticationTransfer) \
    C(ExperimentalEnableAutomaticReplies,                    SESSION, s->TeamSettings_ExperimentalEnableAutomaticReplies) \
    C(ExperimentalEnableDefaultChannelLeaveJoinMessages,     SESSION, s->ServiceSettings_ExperimentalEnableDefaultChannelLeaveJoinMessages) \
    C(ExperimentalEnablePostMetadata,                        SESSION, true) \
    C(ExperimentalGroupUnreadChannels,                       SESSION, s->ServiceSettings_ExperimentalGroupUnreadChannels) \
    C(ExperimentalPrimaryTeam,                               SESSION, s->TeamSettings_ExperimentalPrimaryTeam) \
    C(ExperimentalRemoteClusterService,                      SESSION, s->ConnectedWorkspacesSettings_EnableRemoteClusterService) \
    C(ExperimentalSharedChannels,                            SESSION, s->ConnectedWorkspacesSettings_EnableSharedChannels) \
    C(ExperimentalTimezone,                                  SESSION, true) \
    C(ExtendSessionLengthWithActivity,                       SESSION, s->ServiceSettings_ExtendSessionLengthWithActivity) \
    C(FeatureFlagExperimentalCrossTeamSearch,                SESSION, true) \
    C(FileLevel,                                             ANYONE,  s->LogSettings_FileLevel) \
    C(ForgotPasswordLink,                                    ANYONE,  s->SupportSettings_ForgotPasswordLink) \
    C(GiphySdkKey,                                           SESSION, s->ServiceSettings_GiphySdkKey) \
    C(GitLabButtonColor,                                     SESSION, when(s->GitLabSettings_Enable, s->GitLabSettings_ButtonColor)) \
    C(GitLabButtonText,                                      SESSION, when(s->GitLabSettings_Enable, s->GitLabSettings_ButtonText)) \
    C(GoogleDeveloperKey,                                    SESSION, s->ServiceSettings_GoogleDeveloperKey) \
    C(GuestAccountsEnforceMultifactorAuthentication,         ANYONE,  s->GuestAccountsSettings_EnforceMultifactorAuthentication) \
    C(HasImageProxy,                                         ANYONE,  s->ImageProxySettings_Enable) \
    C(HelpLink,                                              ANYONE,  s->SupportSettings_HelpLink) \
    C(HideGuestTags,                                         ANYONE,  s->GuestAccountsSettings_HideTags) \
    C(InstallationDate,                                      SESSION, facts->installed_at) \
    C(IntuneMAMEnabled,                                      SESSION, s->NativeAppSettings_EnableIntuneMAM) \
    C(IosAppDownloadLink,                                    ANYONE,  s->NativeAppSettings_IosAppDownloadLink) \
    C(IosLatestVersion,                                      ANYONE,  s->ClientRequirements_IosLatestVersion) \
    C(IosMinVersion,                                         ANYONE,  s->ClientRequirements_IosMinVersion) \
    C(IsDefaultMarketplace,                                  SESSION, true) \
    C(IsFipsEnabled,                                         ANYONE,  false) \
    C(LdapFirstNameAttributeSet,                             SESSION, is_set(s->LdapSettings_FirstNameAttribute)) \
    C(LdapLastNameAttributeSet,                              SESSION, is_set(s->LdapSettings_LastNameAttribute)) \
    C(LdapLoginButtonBorderColor,                            ANYONE,  when(s->LdapSettings_Enable, s->LdapSettings_LoginButtonBorderColor)) \
    C(LdapLoginButtonColor,                                  ANYONE,  when(s->LdapSettings_Enable, s->LdapSettings_LoginButtonColor)) \
    C(LdapLoginButtonTextColor,                              ANYONE,  when(s->LdapSettings_Enable, s->LdapSettings_LoginButtonTextColor)) \
    C(LdapLoginFieldName,                                    ANYONE,  s->LdapSettings_LoginFieldName) \
    C(LdapNicknameAttributeSet,                              SESSION, is_set(s->LdapSettings_NicknameAttribute)) \
    C(LdapPictureAttributeSet,                               SESSION, is_set(s->LdapSettings_PictureAttribute)) \
    C(LdapPositionAttributeSet,                              SESSION, is_set(s->LdapSettings_PositionAttribute)) \
    C(LockTeammateNameDisplay,                               SESSION, s->TeamSettings_LockTeammateNameDisplay) \
    C(ManagedResourcePaths,                                  SESSION, s->ServiceSettings_ManagedResourcePaths) \
    C(MaxFileSize,                                           SESSION, s->FileSettings_MaxFileSize) \
    C(MaxMarkdownNodes,                                      SESSION, s->DisplaySettings_MaxMarkdownNodes) \
    C(MaxNotificationsPerChannel,                            SESSION, s->TeamSettings_MaxNotificationsPerChannel) \
    C(MaxPostSize,                                           SESSION, (int64_t)POST_MESSAGE_LIMIT_RUNES) \
    C(MinimumHashtagLength,                                  SESSION, s->ServiceSettings_MinimumHashtagLength) \
    C(MobileAllowPdfLinkNavigation,                          SESSION, s->NativeAppSettings_MobileAllowPdfLinkNavigation) \
    C(MobileEnableBiometrics,                                SESSION, s->NativeAppSettings_MobileEnableBiometrics) \
    C(MobileEnableSecureFilePreview,                         SESSION, s->NativeAppSettings_MobileEnableSecureFilePreview) \
    C(MobileExternalBrowser,                                 ANYONE,  s->NativeAppSettings_MobileExternalBrowser) \
    C(MobileJailbreakProtection,                             SESSION, s->NativeAppSettings_MobileJailbreakProtection) \
    C(MobilePreventScreenCapture,                            SESSION, s->NativeAppSettings_MobilePreventScreenCapture) \
    C(NoAccounts,                                            ANYONE,  facts->no_accounts) \
    C(OpenIdButtonColor,                                     ANYONE,  when(s->OpenIdSettings_Enable, s->OpenIdSettings_ButtonColor)) \
    C(OpenIdButtonText,                                      ANYONE,  when(s->OpenIdSettings_Enable, s->OpenIdSettings_ButtonText)) \
    C(PasswordEnableForgotLink,                              ANYONE,  s->PasswordSettings_EnableForgotLink) \
    C(PasswordMinimumLength,                                 ANYONE,  s->PasswordSettings_MinimumLength) \
    C(PasswordRequireLowercase,                              ANYONE,  s->PasswordSettings_Lowercase) \
    C(PasswordRequireNumber,                                 ANYONE,  s->PasswordSettings_Number) \
    C(PasswordRequireSymbol,                                 ANYONE,  s->PasswordSettings_Symbol) \
    C(PasswordRequireUppercase,                              ANYONE,  s->PasswordSettings_Uppercase) \
    C(PersistentNotificationIntervalMinutes,                 SESSION, s->ServiceSettings_PersistentNotificationIntervalMinutes) \
    C(PersistentNotificationMaxCount,                        SESSION, s->ServiceSettings_PersistentNotificationMaxCount) \
    C(PersistentNotificationMaxRecipients,                   SESSION, s->ServiceSettings_PersistentNotificationMaxRecipients) \
    C(PluginsEnabled,                                        ANYONE,  s->PluginSettings_Enable) \
    C(PostAcknowledgements,                                  SESSION, s->ServiceSettings_PostPriority) \
    C(PostEditTimeLimit,                                     SESSION, s->ServiceSettings_PostEditTimeLimit) \
    C(PostPriority,                                          SESSION, s->ServiceSettings_PostPriority) \
    C(PrivacyPolicyLink,                                     ANYONE,  s->SupportSettings_PrivacyPolicyLink) \
    C(ReportAProblemLink,                                    ANYONE,  s->SupportSettings_ReportAProblemLink) \
    C(ReportAProblemMail,                                    ANYONE,  s->SupportSettings_ReportAProblemMail) \
    C(ReportAProblemType,                                    ANYONE,  s->SupportSettings_ReportAProblemType) \
    C(RequireEmailVerification,                              SESSION, s->EmailSettings_RequireEmailVerification) \
    C(RestrictDMAndGMAutotranslation,                        SESSION, s->AutoTranslationSettings_RestrictDMAndGM) \
    C(RestrictDirectMessage,                                 SESSION, s->TeamSettings_RestrictDirectMessage) \
    C(RunJobs,                                               SESSION, s->JobSettings_RunJobs) \
    C(SQLDriverName,                                         SESSION, s->SqlSettings_DriverName) \
    C(SamlFirstNameAttributeSet,                             SESSION, is_set(s->SamlSettings_FirstNameAttribute)) \
    C(SamlLastNameAttributeSet,                              SESSION, is_set(s->SamlSettings_LastNameAttribute)) \
    C(SamlLoginButtonBorderColor,                            ANYONE,  when(s->SamlSettings_Enable, s->SamlSettings_LoginButtonBorderColor)) \
    C(SamlLoginButtonColor,                                  ANYONE,  when(s->SamlSettings_Enable, s->SamlSettings_LoginButtonColor)) \
    C(SamlLoginButtonText,                                   ANYONE,  when(s->SamlSettings_Enable, s->SamlSettings_LoginButtonText)) \
    C(SamlLoginButtonTextColor,                              ANYONE,  when(s->SamlSettings_Enable, s->SamlSettings_LoginButtonTextColor)) \
    C(SamlNicknameAttributeSet,                              SESSION, is_set(s->SamlSettings_NicknameAttribute)) \
    C(SamlPositionAttributeSet,                              SESSION, is_set(s->SamlSettings_PositionAttribute)) \
    C(ScheduledPosts,                                        SESSION, s->ServiceSettings_ScheduledPosts) \
    C(SchemaVersion,                                         SESSION, facts->schema_version) \
    C(SendEmailNotifications,                                SESSION, s->EmailSettings_SendEmailNotifications) \
    C(SendPushNotifications,                                 SESSION, s->EmailSettings_SendPushNotifications) \
    C(ServiceEnvironment,                                    ANYONE,  STR("production")) \
    C(ShowEmailAddress,                                      SESSION, s->PrivacySettings_ShowEmailAddress) \
    C(ShowFullName,                                          SESSION, s->PrivacySettings_ShowFullName) \
    C(SiteName,                                              ANYONE,  s->TeamSettings_SiteName) \
    C(SiteURL,                                               ANYONE,  url(s->ServiceSettings_SiteURL)) \
    C(SupportEmail,                                          ANYONE,  s->SupportSettings_SupportEmail) \
    C(TeammateNameDisplay,                                   SESSION, s->TeamSettings_TeammateNameDisplay) \
    C(TelemetryId,                                           ANYONE,  STR_EMPTY) \
    C(TermsOfServiceLink,                                    ANYONE,  s->SupportSettings_TermsOfServiceLink) \
    C(TimeBetweenUserTypingUpdatesMilliseconds,              SESSION, s->ServiceSettings_TimeBetweenUserTypingUpdatesMilliseconds) \
    C(UniqueEmojiReactionLimitPerPost,                       SESSION, s->ServiceSettings_UniqueEmojiReactionLimitPerPost) \
    C(UpgradedFromTE,                                        SESSION, false) \
    C(UseAnonymousURLs,                                      SESSION, s->PrivacySettings_UseAnonymousURLs) \
    C(UsersStatusAndProfileFetchingPollIntervalMilliseconds, SESSION, s->ExperimentalSettings_UsersStatusAndProfileFetchingPollIntervalMilliseconds) \
    C(Version,                                               ANYONE,  facts->version) \
    C(WebsocketPort,                                         ANYONE,  s->ServiceSettings_WebsocketPort) \
    C(WebsocketSecurePort,                                   ANYONE,  s->ServiceSettings_WebsocketSecurePort) \
    C(WebsocketURL,                                          ANYONE,  url(s->ServiceSettings_WebsocketURL)) \
    C(WranglerAllowedEmailDomain,                            SESSION, list(s->WranglerSettings_AllowedEmailDomain)) \
    C(WranglerMoveThreadFromDirectMessageChannelEnable,      SESSION, s->WranglerSettings_MoveThreadFromDirectMessageChannelEnable) \
    C(WranglerMoveThreadFromGroupMessageChannelEnable,       SESSION, s->WranglerSettings_MoveThreadFromGroupMessageChannelEnable) \
    C(WranglerMoveThreadFromPrivateChannelEnable,            SESSION, s->WranglerSettings_MoveThreadFromPrivateChannelEnable) \
    C(WranglerMoveThreadMaxCount,                            SESSION, s->WranglerSettings_MoveThreadMaxCount) \
    C(WranglerMoveThreadToAnotherTeamEnable,                 SESSION, s->WranglerSettings_MoveThreadToAnotherTeamEnable) \
    C(WranglerPermittedWranglerRoles,                        SESSION, list(s->WranglerSettings_PermittedWranglerRoles)) \
    C(YoutubeReferrerPolicy,                                 SESSION, s->ExperimentalSettings_YoutubeReferrerPolicy)
/* clang-format on */

#define list(text) join(arena, text)
enum Audience { ANYONE, SESSION };

#define IS_FLAG(section)                                                                           \
    (sizeof #section == sizeof "FeatureFlags" && #section[0] == 'F' && #section[7] == 'F')
#define WRITE_FLAG(section, key, type, fallback, flags)                                            \
    if (IS_FLAG(section)) {                                                                        \
        json_key(out, "FeatureFlag" #key);                                                         \
        write_value(out, s->section##_##key);                                                      \
    }
#define WRITE_MEMBER(key, audience, value)                                                         \
    if (audience == ANYONE || has_session) {                                                       \
        json_key(out, #key);                                                                       \
        write_value(out, value);                                                                   \
    }

void settings_write_client_config(const Settings *s, const ClientFacts *facts, bool has_session,
                                  Buf *out)
{
    Arena *arena = arena_create();
    json_open(out);
    CLIENT_CONFIG(WRITE_MEMBER)
    SETTING_ROWS(WRITE_FLAG)
    json_close(out);
    arena_free(arena);
}

Str settings_client_config_hash(const Settings *settings, const ClientFacts *facts, Arena *arena)
{
    ClientFacts steady = *facts;
    steady.no_accounts = false;
    CLEANUP(buf_deinit) Buf config;
    buf_init(&config, CONFIG_LIMIT_BYTES);
    settings_write_client_config(settings, &steady, true, &config);

    unsigned char digest[32];
    size_t length = 0;
    ENSURE(EVP_Q_digest(NULL, "SHA256", NULL, config.ptr, config.len, digest, &length) == 1);
    Str hash = STR_EMPTY;
    for (size_t i = 0; i < 16; i++)
        hash = str_printf(arena, STR_FMT "%02x", STR_ARG(hash), digest[i]);
    return hash;
}
