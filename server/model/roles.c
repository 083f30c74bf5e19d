/* The roles of a new installation, as v4 clients expect them. */
#include "model/permissions.h"

/* clang-format off */
const RoleDefault ROLE_DEFAULTS[] = {
    {.name = "channel_admin", .display_name = "authentication.roles.channel_admin.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_bookmark_private_channel add_bookmark_public_channel add_reaction create_post "
         "delete_bookmark_private_channel delete_bookmark_public_channel edit_bookmark_private_channel "
         "edit_bookmark_public_channel manage_channel_access_rules manage_channel_roles "
         "manage_private_channel_auto_translation manage_private_channel_banner manage_private_channel_members "
         "manage_public_channel_auto_translation manage_public_channel_banner manage_public_channel_members "
         "order_bookmark_private_channel order_bookmark_public_channel read_private_channel_groups "
         "read_public_channel_groups remove_reaction upload_file use_channel_mentions use_group_mentions"},
    {.name = "channel_guest", .display_name = "authentication.roles.channel_guest.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_reaction create_post edit_post read_channel read_channel_content remove_reaction upload_file "
         "use_channel_mentions"},
    {.name = "channel_user", .display_name = "authentication.roles.channel_user.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_bookmark_private_channel add_bookmark_public_channel add_reaction create_post "
         "delete_bookmark_private_channel delete_bookmark_public_channel delete_post delete_private_channel "
         "delete_public_channel edit_bookmark_private_channel edit_bookmark_public_channel edit_post "
         "get_public_link manage_private_channel_members manage_private_channel_properties "
         "manage_public_channel_members manage_public_channel_properties order_bookmark_private_channel "
         "order_bookmark_public_channel read_channel read_channel_content read_private_channel_groups "
         "read_public_channel_groups remove_reaction upload_file use_channel_mentions use_group_mentions"},
    {.name = "custom_group_user", .display_name = "authentication.roles.custom_group_user.name",
     .scheme_managed = false, .built_in = false,
     .permissions =
         ""},
    {.name = "playbook_admin", .display_name = "authentication.roles.playbook_admin.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "playbook_private_manage_members playbook_private_manage_properties playbook_private_manage_roles "
         "playbook_public_make_private playbook_public_manage_members playbook_public_manage_properties "
         "playbook_public_manage_roles"},
    {.name = "playbook_member", .display_name = "authentication.roles.playbook_member.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "playbook_private_manage_members playbook_private_manage_properties playbook_private_view "
         "playbook_public_manage_members playbook_public_manage_properties playbook_public_view run_create"},
    {.name = "run_admin", .display_name = "authentication.roles.run_admin.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "run_manage_members run_manage_properties"},
    {.name = "run_member", .display_name = "authentication.roles.run_member.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "run_view"},
    {.name = "secure_connection_manager", .display_name = "authentication.roles.secure_connection_manager.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "manage_secure_connections"},
    {.name = "shared_channel_manager", .display_name = "authentication.roles.shared_channel_manager.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "manage_shared_channels"},
    {.name = "system_admin", .display_name = "authentication.roles.global_admin.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_bookmark_private_channel add_bookmark_public_channel add_ldap_private_cert add_ldap_public_cert "
         "add_reaction add_saml_idp_cert add_saml_private_cert add_saml_public_cert add_user_to_team "
         "assign_bot assign_system_admin_role bypass_incoming_webhook_channel_lock "
         "convert_private_channel_to_public convert_public_channel_to_private create_bot "
         "create_compliance_export_job create_custom_group create_data_retention_job create_direct_channel "
         "create_elasticsearch_post_aggregation_job create_elasticsearch_post_indexing_job create_emojis "
         "create_group_channel create_ldap_sync_job create_post create_post_ephemeral create_post_public "
         "create_private_channel create_public_channel create_team create_user_access_token "
         "delete_bookmark_private_channel delete_bookmark_public_channel delete_custom_group delete_emojis "
         "delete_others_emojis delete_others_posts delete_post delete_private_channel delete_public_channel "
         "demote_to_guest download_compliance_export_result edit_bookmark_private_channel "
         "edit_bookmark_public_channel edit_brand edit_custom_group edit_other_users edit_others_posts "
         "edit_post get_analytics get_logs get_public_link get_saml_cert_status get_saml_metadata_from_idp "
         "import_team invalidate_caches invalidate_email_invite invite_guest invite_user join_private_teams "
         "join_public_channels join_public_teams list_private_teams list_public_teams list_team_channels "
         "list_users_without_team manage_bots manage_channel_access_rules manage_channel_roles "
         "manage_compliance_export_job manage_custom_group_members manage_data_retention_job "
         "manage_elasticsearch_post_aggregation_job manage_elasticsearch_post_indexing_job manage_jobs "
         "manage_ldap_sync_job manage_license_information manage_oauth manage_others_bots "
         "manage_others_incoming_webhooks manage_others_outgoing_webhooks manage_others_slash_commands "
         "manage_outgoing_oauth_connections manage_own_incoming_webhooks manage_own_outgoing_webhooks "
         "manage_own_slash_commands manage_private_channel_auto_translation manage_private_channel_banner "
         "manage_private_channel_members manage_private_channel_properties "
         "manage_public_channel_auto_translation manage_public_channel_banner manage_public_channel_members "
         "manage_public_channel_properties manage_roles manage_secure_connections manage_shared_channels "
         "manage_system manage_system_wide_oauth manage_team manage_team_roles order_bookmark_private_channel "
         "order_bookmark_public_channel playbook_private_create playbook_private_make_public "
         "playbook_private_manage_members playbook_private_manage_properties playbook_private_manage_roles "
         "playbook_private_view playbook_public_create playbook_public_make_private "
         "playbook_public_manage_members playbook_public_manage_properties playbook_public_manage_roles "
         "playbook_public_view promote_guest purge_elasticsearch_indexes read_audits read_bots read_channel "
         "read_channel_content read_compliance_export_job read_data_retention_job read_deleted_posts "
         "read_elasticsearch_post_aggregation_job read_elasticsearch_post_indexing_job read_jobs "
         "read_ldap_sync_job read_license_information read_other_users_teams read_others_bots "
         "read_private_channel_groups read_public_channel read_public_channel_groups read_user_access_token "
         "recycle_database_connections reload_config remove_ldap_private_cert remove_ldap_public_cert "
         "remove_others_reactions remove_reaction remove_saml_idp_cert remove_saml_private_cert "
         "remove_saml_public_cert remove_user_from_team restore_custom_group revoke_user_access_token "
         "run_create run_manage_members run_manage_properties run_view "
         "sysconsole_read_about_edition_and_license sysconsole_read_authentication_email "
         "sysconsole_read_authentication_guest_access sysconsole_read_authentication_ldap "
         "sysconsole_read_authentication_mfa sysconsole_read_authentication_openid "
         "sysconsole_read_authentication_password sysconsole_read_authentication_saml "
         "sysconsole_read_authentication_signup sysconsole_read_billing "
         "sysconsole_read_compliance_compliance_export sysconsole_read_compliance_compliance_monitoring "
         "sysconsole_read_compliance_custom_terms_of_service sysconsole_read_compliance_data_retention_policy "
         "sysconsole_read_environment_database sysconsole_read_environment_developer "
         "sysconsole_read_environment_elasticsearch sysconsole_read_environment_file_storage "
         "sysconsole_read_environment_high_availability sysconsole_read_environment_image_proxy "
         "sysconsole_read_environment_logging sysconsole_read_environment_mobile_security "
         "sysconsole_read_environment_performance_monitoring "
         "sysconsole_read_environment_push_notification_server sysconsole_read_environment_rate_limiting "
         "sysconsole_read_environment_session_lengths sysconsole_read_environment_smtp "
         "sysconsole_read_environment_web_server sysconsole_read_experimental_feature_flags "
         "sysconsole_read_experimental_features sysconsole_read_integrations_bot_accounts "
         "sysconsole_read_integrations_cors sysconsole_read_integrations_gif "
         "sysconsole_read_integrations_integration_management sysconsole_read_plugins "
         "sysconsole_read_products_boards sysconsole_read_reporting_server_logs "
         "sysconsole_read_reporting_site_statistics sysconsole_read_reporting_team_statistics "
         "sysconsole_read_site_announcement_banner sysconsole_read_site_customization "
         "sysconsole_read_site_emoji sysconsole_read_site_file_sharing_and_downloads "
         "sysconsole_read_site_ip_filters sysconsole_read_site_localization sysconsole_read_site_notices "
         "sysconsole_read_site_notifications sysconsole_read_site_posts sysconsole_read_site_public_links "
         "sysconsole_read_site_users_and_teams sysconsole_read_user_management_channels "
         "sysconsole_read_user_management_groups sysconsole_read_user_management_permissions "
         "sysconsole_read_user_management_system_roles sysconsole_read_user_management_teams "
         "sysconsole_read_user_management_users sysconsole_write_about_edition_and_license "
         "sysconsole_write_authentication_email sysconsole_write_authentication_guest_access "
         "sysconsole_write_authentication_ldap sysconsole_write_authentication_mfa "
         "sysconsole_write_authentication_openid sysconsole_write_authentication_password "
         "sysconsole_write_authentication_saml sysconsole_write_authentication_signup sysconsole_write_billing "
         "sysconsole_write_compliance_compliance_export sysconsole_write_compliance_compliance_monitoring "
         "sysconsole_write_compliance_custom_terms_of_service "
         "sysconsole_write_compliance_data_retention_policy sysconsole_write_environment_database "
         "sysconsole_write_environment_developer sysconsole_write_environment_elasticsearch "
         "sysconsole_write_environment_file_storage sysconsole_write_environment_high_availability "
         "sysconsole_write_environment_image_proxy sysconsole_write_environment_logging "
         "sysconsole_write_environment_mobile_security sysconsole_write_environment_performance_monitoring "
         "sysconsole_write_environment_push_notification_server sysconsole_write_environment_rate_limiting "
         "sysconsole_write_environment_session_lengths sysconsole_write_environment_smtp "
         "sysconsole_write_environment_web_server sysconsole_write_experimental_feature_flags "
         "sysconsole_write_experimental_features sysconsole_write_integrations_bot_accounts "
         "sysconsole_write_integrations_cors sysconsole_write_integrations_gif "
         "sysconsole_write_integrations_integration_management sysconsole_write_plugins "
         "sysconsole_write_products_boards sysconsole_write_reporting_server_logs "
         "sysconsole_write_reporting_site_statistics sysconsole_write_reporting_team_statistics "
         "sysconsole_write_site_announcement_banner sysconsole_write_site_customization "
         "sysconsole_write_site_emoji sysconsole_write_site_file_sharing_and_downloads "
         "sysconsole_write_site_ip_filters sysconsole_write_site_localization sysconsole_write_site_notices "
         "sysconsole_write_site_notifications sysconsole_write_site_posts sysconsole_write_site_public_links "
         "sysconsole_write_site_users_and_teams sysconsole_write_user_management_channels "
         "sysconsole_write_user_management_groups sysconsole_write_user_management_permissions "
         "sysconsole_write_user_management_system_roles sysconsole_write_user_management_teams "
         "sysconsole_write_user_management_users test_elasticsearch test_email test_ldap test_s3 test_site_url "
         "upload_file use_channel_mentions use_group_mentions use_slash_commands view_members view_team"},
    {.name = "system_custom_group_admin", .display_name = "authentication.roles.system_custom_group_admin.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_custom_group delete_custom_group edit_custom_group manage_custom_group_members "
         "restore_custom_group"},
    {.name = "system_guest", .display_name = "authentication.roles.global_guest.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "create_direct_channel create_group_channel"},
    {.name = "system_manager", .display_name = "authentication.roles.system_manager.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "add_user_to_team convert_private_channel_to_public convert_public_channel_to_private "
         "create_elasticsearch_post_aggregation_job create_elasticsearch_post_indexing_job "
         "delete_private_channel delete_public_channel edit_brand get_analytics get_logs invalidate_caches "
         "join_private_teams join_public_teams list_private_teams list_public_teams manage_channel_roles "
         "manage_elasticsearch_post_aggregation_job manage_elasticsearch_post_indexing_job "
         "manage_outgoing_oauth_connections manage_private_channel_auto_translation "
         "manage_private_channel_members manage_private_channel_properties "
         "manage_public_channel_auto_translation manage_public_channel_members "
         "manage_public_channel_properties manage_team manage_team_roles purge_elasticsearch_indexes "
         "read_channel read_elasticsearch_post_aggregation_job read_elasticsearch_post_indexing_job "
         "read_ldap_sync_job read_license_information read_private_channel_groups read_public_channel "
         "read_public_channel_groups recycle_database_connections reload_config remove_user_from_team "
         "sysconsole_read_about_edition_and_license sysconsole_read_authentication_email "
         "sysconsole_read_authentication_guest_access sysconsole_read_authentication_ldap "
         "sysconsole_read_authentication_mfa sysconsole_read_authentication_openid "
         "sysconsole_read_authentication_password sysconsole_read_authentication_saml "
         "sysconsole_read_authentication_signup sysconsole_read_environment_database "
         "sysconsole_read_environment_developer sysconsole_read_environment_elasticsearch "
         "sysconsole_read_environment_file_storage sysconsole_read_environment_high_availability "
         "sysconsole_read_environment_image_proxy sysconsole_read_environment_logging "
         "sysconsole_read_environment_performance_monitoring "
         "sysconsole_read_environment_push_notification_server sysconsole_read_environment_rate_limiting "
         "sysconsole_read_environment_session_lengths sysconsole_read_environment_smtp "
         "sysconsole_read_environment_web_server sysconsole_read_integrations_bot_accounts "
         "sysconsole_read_integrations_cors sysconsole_read_integrations_gif "
         "sysconsole_read_integrations_integration_management sysconsole_read_plugins "
         "sysconsole_read_products_boards sysconsole_read_reporting_server_logs "
         "sysconsole_read_reporting_site_statistics sysconsole_read_reporting_team_statistics "
         "sysconsole_read_site_announcement_banner sysconsole_read_site_customization "
         "sysconsole_read_site_emoji sysconsole_read_site_file_sharing_and_downloads "
         "sysconsole_read_site_localization sysconsole_read_site_notices sysconsole_read_site_notifications "
         "sysconsole_read_site_posts sysconsole_read_site_public_links sysconsole_read_site_users_and_teams "
         "sysconsole_read_user_management_channels sysconsole_read_user_management_groups "
         "sysconsole_read_user_management_permissions sysconsole_read_user_management_teams "
         "sysconsole_write_environment_database sysconsole_write_environment_developer "
         "sysconsole_write_environment_elasticsearch sysconsole_write_environment_file_storage "
         "sysconsole_write_environment_high_availability sysconsole_write_environment_image_proxy "
         "sysconsole_write_environment_logging sysconsole_write_environment_performance_monitoring "
         "sysconsole_write_environment_push_notification_server sysconsole_write_environment_rate_limiting "
         "sysconsole_write_environment_session_lengths sysconsole_write_environment_smtp "
         "sysconsole_write_environment_web_server sysconsole_write_integrations_bot_accounts "
         "sysconsole_write_integrations_cors sysconsole_write_integrations_gif "
         "sysconsole_write_integrations_integration_management sysconsole_write_products_boards "
         "sysconsole_write_site_announcement_banner sysconsole_write_site_customization "
         "sysconsole_write_site_emoji sysconsole_write_site_file_sharing_and_downloads "
         "sysconsole_write_site_localization sysconsole_write_site_notices sysconsole_write_site_notifications "
         "sysconsole_write_site_posts sysconsole_write_site_public_links sysconsole_write_site_users_and_teams "
         "sysconsole_write_user_management_channels sysconsole_write_user_management_groups "
         "sysconsole_write_user_management_permissions sysconsole_write_user_management_teams "
         "test_elasticsearch test_email test_ldap test_s3 test_site_url view_team"},
    {.name = "system_post_all", .display_name = "authentication.roles.system_post_all.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_post upload_file use_channel_mentions use_group_mentions"},
    {.name = "system_post_all_public", .display_name = "authentication.roles.system_post_all_public.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_post_public use_channel_mentions use_group_mentions"},
    {.name = "system_read_only_admin", .display_name = "authentication.roles.system_read_only_admin.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "download_compliance_export_result get_analytics get_logs list_private_teams list_public_teams "
         "read_audits read_channel read_compliance_export_job read_data_retention_job "
         "read_elasticsearch_post_aggregation_job read_elasticsearch_post_indexing_job read_ldap_sync_job "
         "read_license_information read_other_users_teams read_private_channel_groups read_public_channel "
         "read_public_channel_groups sysconsole_read_about_edition_and_license "
         "sysconsole_read_authentication_email sysconsole_read_authentication_guest_access "
         "sysconsole_read_authentication_ldap sysconsole_read_authentication_mfa "
         "sysconsole_read_authentication_openid sysconsole_read_authentication_password "
         "sysconsole_read_authentication_saml sysconsole_read_authentication_signup "
         "sysconsole_read_compliance_compliance_export sysconsole_read_compliance_compliance_monitoring "
         "sysconsole_read_compliance_custom_terms_of_service sysconsole_read_compliance_data_retention_policy "
         "sysconsole_read_environment_database sysconsole_read_environment_developer "
         "sysconsole_read_environment_elasticsearch sysconsole_read_environment_file_storage "
         "sysconsole_read_environment_high_availability sysconsole_read_environment_image_proxy "
         "sysconsole_read_environment_logging sysconsole_read_environment_mobile_security "
         "sysconsole_read_environment_performance_monitoring "
         "sysconsole_read_environment_push_notification_server sysconsole_read_environment_rate_limiting "
         "sysconsole_read_environment_session_lengths sysconsole_read_environment_smtp "
         "sysconsole_read_environment_web_server sysconsole_read_experimental_feature_flags "
         "sysconsole_read_experimental_features sysconsole_read_integrations_bot_accounts "
         "sysconsole_read_integrations_cors sysconsole_read_integrations_gif "
         "sysconsole_read_integrations_integration_management sysconsole_read_plugins "
         "sysconsole_read_products_boards sysconsole_read_reporting_server_logs "
         "sysconsole_read_reporting_site_statistics sysconsole_read_reporting_team_statistics "
         "sysconsole_read_site_announcement_banner sysconsole_read_site_customization "
         "sysconsole_read_site_emoji sysconsole_read_site_file_sharing_and_downloads "
         "sysconsole_read_site_localization sysconsole_read_site_notices sysconsole_read_site_notifications "
         "sysconsole_read_site_posts sysconsole_read_site_public_links sysconsole_read_site_users_and_teams "
         "sysconsole_read_user_management_channels sysconsole_read_user_management_groups "
         "sysconsole_read_user_management_permissions sysconsole_read_user_management_teams "
         "sysconsole_read_user_management_users test_ldap view_team"},
    {.name = "system_user", .display_name = "authentication.roles.global_user.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "create_custom_group create_direct_channel create_emojis create_group_channel create_team "
         "delete_custom_group delete_emojis edit_custom_group join_public_teams list_public_teams "
         "manage_custom_group_members restore_custom_group view_members"},
    {.name = "system_user_access_token", .display_name = "authentication.roles.system_user_access_token.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_user_access_token read_user_access_token revoke_user_access_token"},
    {.name = "system_user_manager", .display_name = "authentication.roles.system_user_manager.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "add_user_to_team convert_private_channel_to_public convert_public_channel_to_private "
         "delete_private_channel delete_public_channel join_private_teams join_public_teams list_private_teams "
         "list_public_teams manage_channel_roles manage_private_channel_auto_translation "
         "manage_private_channel_members manage_private_channel_properties "
         "manage_public_channel_auto_translation manage_public_channel_members "
         "manage_public_channel_properties manage_team manage_team_roles read_channel read_ldap_sync_job "
         "read_private_channel_groups read_public_channel read_public_channel_groups remove_user_from_team "
         "sysconsole_read_authentication_email sysconsole_read_authentication_guest_access "
         "sysconsole_read_authentication_ldap sysconsole_read_authentication_mfa "
         "sysconsole_read_authentication_openid sysconsole_read_authentication_password "
         "sysconsole_read_authentication_saml sysconsole_read_authentication_signup "
         "sysconsole_read_user_management_channels sysconsole_read_user_management_groups "
         "sysconsole_read_user_management_permissions sysconsole_read_user_management_teams "
         "sysconsole_write_user_management_channels sysconsole_write_user_management_groups "
         "sysconsole_write_user_management_teams test_ldap view_team"},
    {.name = "team_admin", .display_name = "authentication.roles.team_admin.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_bookmark_private_channel add_bookmark_public_channel add_reaction "
         "bypass_incoming_webhook_channel_lock convert_private_channel_to_public "
         "convert_public_channel_to_private create_post delete_bookmark_private_channel "
         "delete_bookmark_public_channel delete_others_posts delete_post edit_bookmark_private_channel "
         "edit_bookmark_public_channel import_team manage_channel_access_rules manage_channel_roles "
         "manage_others_incoming_webhooks manage_others_outgoing_webhooks manage_others_slash_commands "
         "manage_own_incoming_webhooks manage_own_outgoing_webhooks manage_own_slash_commands "
         "manage_private_channel_auto_translation manage_private_channel_banner manage_private_channel_members "
         "manage_public_channel_auto_translation manage_public_channel_banner manage_public_channel_members "
         "manage_team manage_team_roles order_bookmark_private_channel order_bookmark_public_channel "
         "playbook_private_manage_roles playbook_public_manage_roles read_private_channel_groups "
         "read_public_channel_groups remove_reaction remove_user_from_team upload_file use_channel_mentions "
         "use_group_mentions"},
    {.name = "team_guest", .display_name = "authentication.roles.team_guest.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "view_team"},
    {.name = "team_post_all", .display_name = "authentication.roles.team_post_all.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_post upload_file use_channel_mentions use_group_mentions"},
    {.name = "team_post_all_public", .display_name = "authentication.roles.team_post_all_public.name",
     .scheme_managed = false, .built_in = true,
     .permissions =
         "create_post_public use_channel_mentions use_group_mentions"},
    {.name = "team_user", .display_name = "authentication.roles.team_user.name",
     .scheme_managed = true, .built_in = true,
     .permissions =
         "add_user_to_team create_private_channel create_public_channel invite_user join_public_channels "
         "list_team_channels playbook_private_create playbook_public_create read_public_channel view_team"},
    {0},
};
/* clang-format on */
