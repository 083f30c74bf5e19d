/* model/timezone_list.h: the names of all time zones, old names too.  Source: IANA Time Zone Database 2025b (public domain). */
#pragma once

/* clang-format off */
#define TIMEZONE_LIST(Z) \
    Z("Africa/Abidjan") Z("Africa/Accra") Z("Africa/Addis_Ababa") Z("Africa/Algiers") Z("Africa/Asmara") \
    Z("Africa/Asmera") Z("Africa/Bamako") Z("Africa/Bangui") Z("Africa/Banjul") Z("Africa/Bissau") \
    Z("Africa/Blantyre") Z("Africa/Brazzaville") Z("Africa/Bujumbura") Z("Africa/Cairo") Z("Africa/Casablanca") \
    Z("Africa/Ceuta") Z("Africa/Conakry") Z("Africa/Dakar") Z("Africa/Dar_es_Salaam") Z("Africa/Djibouti") \
    Z("Africa/Douala") Z("Africa/El_Aaiun") Z("Africa/Freetown") Z("Africa/Gaborone") Z("Africa/Harare") \
    Z("Africa/Johannesburg") Z("Africa/Juba") Z("Africa/Kampala") Z("Africa/Khartoum") Z("Africa/Kigali") \
    Z("Africa/Kinshasa") Z("Africa/Lagos") Z("Africa/Libreville") Z("Africa/Lome") Z("Africa/Luanda") \
    Z("Africa/Lubumbashi") Z("Africa/Lusaka") Z("Africa/Malabo") Z("Africa/Maputo") Z("Africa/Maseru") \
    Z("Africa/Mbabane") Z("Africa/Mogadishu") Z("Africa/Monrovia") Z("Africa/Nairobi") Z("Africa/Ndjamena") \
    Z("Africa/Niamey") Z("Africa/Nouakchott") Z("Africa/Ouagadougou") Z("Africa/Porto-Novo") Z("Africa/Sao_Tome") \
    Z("Africa/Timbuktu") Z("Africa/Tripoli") Z("Africa/Tunis") Z("Africa/Windhoek") Z("America/Adak") \
    Z("America/Anchorage") Z("America/Anguilla") Z("America/Antigua") Z("America/Araguaina") \
    Z("America/Argentina/Buenos_Aires") Z("America/Argentina/Catamarca") Z("America/Argentina/ComodRivadavia") \
    Z("America/Argentina/Cordoba") Z("America/Argentina/Jujuy") Z("America/Argentina/La_Rioja") \
    Z("America/Argentina/Mendoza") Z("America/Argentina/Rio_Gallegos") Z("America/Argentina/Salta") \
    Z("America/Argentina/San_Juan") Z("America/Argentina/San_Luis") Z("America/Argentina/Tucuman") \
    Z("America/Argentina/Ushuaia") Z("America/Aruba") Z("America/Asuncion") Z("America/Atikokan") Z("America/Atka") \
    Z("America/Bahia") Z("America/Bahia_Banderas") Z("America/Barbados") Z("America/Belem") Z("America/Belize") \
    Z("America/Blanc-Sablon") Z("America/Boa_Vista") Z("America/Bogota") Z("America/Boise") Z("America/Buenos_Aires") \
    Z("America/Cambridge_Bay") Z("America/Campo_Grande") Z("America/Cancun") Z("America/Caracas") \
    Z("America/Catamarca") Z("America/Cayenne") Z("America/Cayman") Z("America/Chicago") Z("America/Chihuahua") \
    Z("America/Ciudad_Juarez") Z("America/Coral_Harbour") Z("America/Cordoba") Z("America/Costa_Rica") \
    Z("America/Coyhaique") Z("America/Creston") Z("America/Cuiaba") Z("America/Curacao") Z("America/Danmarkshavn") \
    Z("America/Dawson") Z("America/Dawson_Creek") Z("America/Denver") Z("America/Detroit") Z("America/Dominica") \
    Z("America/Edmonton") Z("America/Eirunepe") Z("America/El_Salvador") Z("America/Ensenada") \
    Z("America/Fort_Nelson") Z("America/Fort_Wayne") Z("America/Fortaleza") Z("America/Glace_Bay") \
    Z("America/Godthab") Z("America/Goose_Bay") Z("America/Grand_Turk") Z("America/Grenada") Z("America/Guadeloupe") \
    Z("America/Guatemala") Z("America/Guayaquil") Z("America/Guyana") Z("America/Halifax") Z("America/Havana") \
    Z("America/Hermosillo") Z("America/Indiana/Indianapolis") Z("America/Indiana/Knox") Z("America/Indiana/Marengo") \
    Z("America/Indiana/Petersburg") Z("America/Indiana/Tell_City") Z("America/Indiana/Vevay") \
    Z("America/Indiana/Vincennes") Z("America/Indiana/Winamac") Z("America/Indianapolis") Z("America/Inuvik") \
    Z("America/Iqaluit") Z("America/Jamaica") Z("America/Jujuy") Z("America/Juneau") Z("America/Kentucky/Louisville") \
    Z("America/Kentucky/Monticello") Z("America/Knox_IN") Z("America/Kralendijk") Z("America/La_Paz") \
    Z("America/Lima") Z("America/Los_Angeles") Z("America/Louisville") Z("America/Lower_Princes") Z("America/Maceio") \
    Z("America/Managua") Z("America/Manaus") Z("America/Marigot") Z("America/Martinique") Z("America/Matamoros") \
    Z("America/Mazatlan") Z("America/Mendoza") Z("America/Menominee") Z("America/Merida") Z("America/Metlakatla") \
    Z("America/Mexico_City") Z("America/Miquelon") Z("America/Moncton") Z("America/Monterrey") Z("America/Montevideo") \
    Z("America/Montreal") Z("America/Montserrat") Z("America/Nassau") Z("America/New_York") Z("America/Nipigon") \
    Z("America/Nome") Z("America/Noronha") Z("America/North_Dakota/Beulah") Z("America/North_Dakota/Center") \
    Z("America/North_Dakota/New_Salem") Z("America/Nuuk") Z("America/Ojinaga") Z("America/Panama") \
    Z("America/Pangnirtung") Z("America/Paramaribo") Z("America/Phoenix") Z("America/Port-au-Prince") \
    Z("America/Port_of_Spain") Z("America/Porto_Acre") Z("America/Porto_Velho") Z("America/Puerto_Rico") \
    Z("America/Punta_Arenas") Z("America/Rainy_River") Z("America/Rankin_Inlet") Z("America/Recife") \
    Z("America/Regina") Z("America/Resolute") Z("America/Rio_Branco") Z("America/Rosario") Z("America/Santa_Isabel") \
    Z("America/Santarem") Z("America/Santiago") Z("America/Santo_Domingo") Z("America/Sao_Paulo") \
    Z("America/Scoresbysund") Z("America/Shiprock") Z("America/Sitka") Z("America/St_Barthelemy") \
    Z("America/St_Johns") Z("America/St_Kitts") Z("America/St_Lucia") Z("America/St_Thomas") Z("America/St_Vincent") \
    Z("America/Swift_Current") Z("America/Tegucigalpa") Z("America/Thule") Z("America/Thunder_Bay") \
    Z("America/Tijuana") Z("America/Toronto") Z("America/Tortola") Z("America/Vancouver") Z("America/Virgin") \
    Z("America/Whitehorse") Z("America/Winnipeg") Z("America/Yakutat") Z("America/Yellowknife") Z("Antarctica/Casey") \
    Z("Antarctica/Davis") Z("Antarctica/DumontDUrville") Z("Antarctica/Macquarie") Z("Antarctica/Mawson") \
    Z("Antarctica/McMurdo") Z("Antarctica/Palmer") Z("Antarctica/Rothera") Z("Antarctica/South_Pole") \
    Z("Antarctica/Syowa") Z("Antarctica/Troll") Z("Antarctica/Vostok") Z("Arctic/Longyearbyen") Z("Asia/Aden") \
    Z("Asia/Almaty") Z("Asia/Amman") Z("Asia/Anadyr") Z("Asia/Aqtau") Z("Asia/Aqtobe") Z("Asia/Ashgabat") \
    Z("Asia/Ashkhabad") Z("Asia/Atyrau") Z("Asia/Baghdad") Z("Asia/Bahrain") Z("Asia/Baku") Z("Asia/Bangkok") \
    Z("Asia/Barnaul") Z("Asia/Beirut") Z("Asia/Bishkek") Z("Asia/Brunei") Z("Asia/Calcutta") Z("Asia/Chita") \
    Z("Asia/Choibalsan") Z("Asia/Chongqing") Z("Asia/Chungking") Z("Asia/Colombo") Z("Asia/Dacca") Z("Asia/Damascus") \
    Z("Asia/Dhaka") Z("Asia/Dili") Z("Asia/Dubai") Z("Asia/Dushanbe") Z("Asia/Famagusta") Z("Asia/Gaza") \
    Z("Asia/Harbin") Z("Asia/Hebron") Z("Asia/Ho_Chi_Minh") Z("Asia/Hong_Kong") Z("Asia/Hovd") Z("Asia/Irkutsk") \
    Z("Asia/Istanbul") Z("Asia/Jakarta") Z("Asia/Jayapura") Z("Asia/Jerusalem") Z("Asia/Kabul") Z("Asia/Kamchatka") \
    Z("Asia/Karachi") Z("Asia/Kashgar") Z("Asia/Kathmandu") Z("Asia/Katmandu") Z("Asia/Khandyga") Z("Asia/Kolkata") \
    Z("Asia/Krasnoyarsk") Z("Asia/Kuala_Lumpur") Z("Asia/Kuching") Z("Asia/Kuwait") Z("Asia/Macao") Z("Asia/Macau") \
    Z("Asia/Magadan") Z("Asia/Makassar") Z("Asia/Manila") Z("Asia/Muscat") Z("Asia/Nicosia") Z("Asia/Novokuznetsk") \
    Z("Asia/Novosibirsk") Z("Asia/Omsk") Z("Asia/Oral") Z("Asia/Phnom_Penh") Z("Asia/Pontianak") Z("Asia/Pyongyang") \
    Z("Asia/Qatar") Z("Asia/Qostanay") Z("Asia/Qyzylorda") Z("Asia/Rangoon") Z("Asia/Riyadh") Z("Asia/Saigon") \
    Z("Asia/Sakhalin") Z("Asia/Samarkand") Z("Asia/Seoul") Z("Asia/Shanghai") Z("Asia/Singapore") \
    Z("Asia/Srednekolymsk") Z("Asia/Taipei") Z("Asia/Tashkent") Z("Asia/Tbilisi") Z("Asia/Tehran") Z("Asia/Tel_Aviv") \
    Z("Asia/Thimbu") Z("Asia/Thimphu") Z("Asia/Tokyo") Z("Asia/Tomsk") Z("Asia/Ujung_Pandang") Z("Asia/Ulaanbaatar") \
    Z("Asia/Ulan_Bator") Z("Asia/Urumqi") Z("Asia/Ust-Nera") Z("Asia/Vientiane") Z("Asia/Vladivostok") \
    Z("Asia/Yakutsk") Z("Asia/Yangon") Z("Asia/Yekaterinburg") Z("Asia/Yerevan") Z("Atlantic/Azores") \
    Z("Atlantic/Bermuda") Z("Atlantic/Canary") Z("Atlantic/Cape_Verde") Z("Atlantic/Faeroe") Z("Atlantic/Faroe") \
    Z("Atlantic/Jan_Mayen") Z("Atlantic/Madeira") Z("Atlantic/Reykjavik") Z("Atlantic/South_Georgia") \
    Z("Atlantic/St_Helena") Z("Atlantic/Stanley") Z("Australia/ACT") Z("Australia/Adelaide") Z("Australia/Brisbane") \
    Z("Australia/Broken_Hill") Z("Australia/Canberra") Z("Australia/Currie") Z("Australia/Darwin") \
    Z("Australia/Eucla") Z("Australia/Hobart") Z("Australia/LHI") Z("Australia/Lindeman") Z("Australia/Lord_Howe") \
    Z("Australia/Melbourne") Z("Australia/NSW") Z("Australia/North") Z("Australia/Perth") Z("Australia/Queensland") \
    Z("Australia/South") Z("Australia/Sydney") Z("Australia/Tasmania") Z("Australia/Victoria") Z("Australia/West") \
    Z("Australia/Yancowinna") Z("Brazil/Acre") Z("Brazil/DeNoronha") Z("Brazil/East") Z("Brazil/West") Z("CET") \
    Z("CST6CDT") Z("Canada/Atlantic") Z("Canada/Central") Z("Canada/Eastern") Z("Canada/Mountain") \
    Z("Canada/Newfoundland") Z("Canada/Pacific") Z("Canada/Saskatchewan") Z("Canada/Yukon") Z("Chile/Continental") \
    Z("Chile/EasterIsland") Z("Cuba") Z("EET") Z("EST") Z("EST5EDT") Z("Egypt") Z("Eire") Z("Etc/GMT") Z("Etc/GMT+0") \
    Z("Etc/GMT+1") Z("Etc/GMT+10") Z("Etc/GMT+11") Z("Etc/GMT+12") Z("Etc/GMT+2") Z("Etc/GMT+3") Z("Etc/GMT+4") \
    Z("Etc/GMT+5") Z("Etc/GMT+6") Z("Etc/GMT+7") Z("Etc/GMT+8") Z("Etc/GMT+9") Z("Etc/GMT-0") Z("Etc/GMT-1") \
    Z("Etc/GMT-10") Z("Etc/GMT-11") Z("Etc/GMT-12") Z("Etc/GMT-13") Z("Etc/GMT-14") Z("Etc/GMT-2") Z("Etc/GMT-3") \
    Z("Etc/GMT-4") Z("Etc/GMT-5") Z("Etc/GMT-6") Z("Etc/GMT-7") Z("Etc/GMT-8") Z("Etc/GMT-9") Z("Etc/GMT0") \
    Z("Etc/Greenwich") Z("Etc/UCT") Z("Etc/UTC") Z("Etc/Universal") Z("Etc/Zulu") Z("Europe/Amsterdam") \
    Z("Europe/Andorra") Z("Europe/Astrakhan") Z("Europe/Athens") Z("Europe/Belfast") Z("Europe/Belgrade") \
    Z("Europe/Berlin") Z("Europe/Bratislava") Z("Europe/Brussels") Z("Europe/Bucharest") Z("Europe/Budapest") \
    Z("Europe/Busingen") Z("Europe/Chisinau") Z("Europe/Copenhagen") Z("Europe/Dublin") Z("Europe/Gibraltar") \
    Z("Europe/Guernsey") Z("Europe/Helsinki") Z("Europe/Isle_of_Man") Z("Europe/Istanbul") Z("Europe/Jersey") \
    Z("Europe/Kaliningrad") Z("Europe/Kiev") Z("Europe/Kirov") Z("Europe/Kyiv") Z("Europe/Lisbon") \
    Z("Europe/Ljubljana") Z("Europe/London") Z("Europe/Luxembourg") Z("Europe/Madrid") Z("Europe/Malta") \
    Z("Europe/Mariehamn") Z("Europe/Minsk") Z("Europe/Monaco") Z("Europe/Moscow") Z("Europe/Nicosia") Z("Europe/Oslo") \
    Z("Europe/Paris") Z("Europe/Podgorica") Z("Europe/Prague") Z("Europe/Riga") Z("Europe/Rome") Z("Europe/Samara") \
    Z("Europe/San_Marino") Z("Europe/Sarajevo") Z("Europe/Saratov") Z("Europe/Simferopol") Z("Europe/Skopje") \
    Z("Europe/Sofia") Z("Europe/Stockholm") Z("Europe/Tallinn") Z("Europe/Tirane") Z("Europe/Tiraspol") \
    Z("Europe/Ulyanovsk") Z("Europe/Uzhgorod") Z("Europe/Vaduz") Z("Europe/Vatican") Z("Europe/Vienna") \
    Z("Europe/Vilnius") Z("Europe/Volgograd") Z("Europe/Warsaw") Z("Europe/Zagreb") Z("Europe/Zaporozhye") \
    Z("Europe/Zurich") Z("GB") Z("GB-Eire") Z("GMT") Z("GMT+0") Z("GMT-0") Z("GMT0") Z("Greenwich") Z("HST") \
    Z("Hongkong") Z("Iceland") Z("Indian/Antananarivo") Z("Indian/Chagos") Z("Indian/Christmas") Z("Indian/Cocos") \
    Z("Indian/Comoro") Z("Indian/Kerguelen") Z("Indian/Mahe") Z("Indian/Maldives") Z("Indian/Mauritius") \
    Z("Indian/Mayotte") Z("Indian/Reunion") Z("Iran") Z("Israel") Z("Jamaica") Z("Japan") Z("Kwajalein") Z("Libya") \
    Z("MET") Z("MST") Z("MST7MDT") Z("Mexico/BajaNorte") Z("Mexico/BajaSur") Z("Mexico/General") Z("NZ") Z("NZ-CHAT") \
    Z("Navajo") Z("PRC") Z("PST8PDT") Z("Pacific/Apia") Z("Pacific/Auckland") Z("Pacific/Bougainville") \
    Z("Pacific/Chatham") Z("Pacific/Chuuk") Z("Pacific/Easter") Z("Pacific/Efate") Z("Pacific/Enderbury") \
    Z("Pacific/Fakaofo") Z("Pacific/Fiji") Z("Pacific/Funafuti") Z("Pacific/Galapagos") Z("Pacific/Gambier") \
    Z("Pacific/Guadalcanal") Z("Pacific/Guam") Z("Pacific/Honolulu") Z("Pacific/Johnston") Z("Pacific/Kanton") \
    Z("Pacific/Kiritimati") Z("Pacific/Kosrae") Z("Pacific/Kwajalein") Z("Pacific/Majuro") Z("Pacific/Marquesas") \
    Z("Pacific/Midway") Z("Pacific/Nauru") Z("Pacific/Niue") Z("Pacific/Norfolk") Z("Pacific/Noumea") \
    Z("Pacific/Pago_Pago") Z("Pacific/Palau") Z("Pacific/Pitcairn") Z("Pacific/Pohnpei") Z("Pacific/Ponape") \
    Z("Pacific/Port_Moresby") Z("Pacific/Rarotonga") Z("Pacific/Saipan") Z("Pacific/Samoa") Z("Pacific/Tahiti") \
    Z("Pacific/Tarawa") Z("Pacific/Tongatapu") Z("Pacific/Truk") Z("Pacific/Wake") Z("Pacific/Wallis") \
    Z("Pacific/Yap") Z("Poland") Z("Portugal") Z("ROC") Z("ROK") Z("Singapore") Z("Turkey") Z("UCT") Z("US/Alaska") \
    Z("US/Aleutian") Z("US/Arizona") Z("US/Central") Z("US/East-Indiana") Z("US/Eastern") Z("US/Hawaii") \
    Z("US/Indiana-Starke") Z("US/Michigan") Z("US/Mountain") Z("US/Pacific") Z("US/Samoa") Z("UTC") Z("Universal") \
    Z("W-SU") Z("WET") Z("Zulu")
/* clang-format on */
