#include "cli/device.h"

#include <array>
#include <span>

namespace gatehouse::cli {
namespace {

struct Mark {
  std::string_view text;
  std::string_view name;
};

// The first that is found counts: most browsers say that they are several others as well.
constexpr auto kBrowsers = std::to_array<Mark>({
    {"Edg/", "Edge"},
    {"Edge/", "Edge"},
    {"EdgA/", "Edge"},
    {"EdgiOS/", "Edge"},
    {"OPR/", "Opera"},
    {"Opera", "Opera"},
    {"OPiOS/", "Opera"},
    {"OPT/", "Opera"},
    {"OPX/", "Opera"},
    {"OculusBrowser/", "Meta Quest Browser"},
    {"SamsungBrowser/", "Samsung Internet"},
    {"Vivaldi/", "Vivaldi"},
    {"YaBrowser/", "Yandex"},
    {"DuckDuckGo/", "DuckDuckGo"},
    {"Ddg/", "DuckDuckGo"},
    {"Ecosia", "Ecosia"},
    {"Brave/", "Brave"},
    {"HuaweiBrowser/", "Huawei Browser"},
    {"ArkWeb/", "Huawei Browser"},
    {"MiuiBrowser/", "Mi Browser"},
    {"VivoBrowser/", "vivo Browser"},
    {"HeyTapBrowser/", "HeyTap Browser"},
    {"UCBrowser/", "UC Browser"},
    {"Quark/", "Quark"},
    {"Whale/", "Whale"},
    {"QQBrowser/", "QQ Browser"},
    {"Avast/", "Avast Secure Browser"},
    {"LG Browser/", "LG Browser"},
    {"Puffin/", "Puffin"},
    {"AlohaBrowser/", "Aloha"},
    {"Silk/", "Silk"},
    {"MicroMessenger/", "WeChat"},
    {"Line/", "LINE"},
    {"musical_ly", "TikTok"},
    {"BytedanceWebview", "TikTok"},
    {"trill", "TikTok"},
    {"Snapchat", "Snapchat"},
    {"LinkedInApp", "LinkedIn"},
    {"Instagram", "Instagram"},
    {"FBAN/", "Facebook"},
    {"FBAV/", "Facebook"},
    {"GSA/", "Google app"},
    {"Epiphany/", "GNOME Web"},
    {"Falkon/", "Falkon"},
    {"qutebrowser/", "qutebrowser"},
    {"Ladybird/", "Ladybird"},
    {"PaleMoon/", "Pale Moon"},
    {"Waterfox/", "Waterfox"},
    {"SeaMonkey/", "SeaMonkey"},
    {"FxiOS/", "Firefox"},
    {"Firefox/", "Firefox"},
    {"Focus/", "Firefox"},
    {"Klar/", "Firefox"},
    {"MSIE ", "Internet Explorer"},
    {"Trident/", "Internet Explorer"},
    {"CriOS/", "Chrome"},
    {"Chrome/", "Chrome"},
    {"Chromium/", "Chrome"},
    {"Safari/", "Safari"},
    {"curl/", "curl"},
});
constexpr auto kSystems = std::to_array<Mark>({
    {"iPhone", "iPhone"},
    {"iPod", "iPhone"},
    {"iPad", "iPad"},
    {"Windows Phone", "Windows Phone"},
    {"Xbox", "Xbox"},
    {"PlayStation", "PlayStation"},
    {"Nintendo Switch", "Nintendo Switch"},
    {"Tizen", "Tizen"},
    {"Web0S", "webOS"},
    {"webOS", "webOS"},
    {"KAIOS", "KaiOS"},
    {"KaiOS", "KaiOS"},
    {"OpenHarmony", "HarmonyOS"},
    {"HarmonyOS", "HarmonyOS"},
    {"Quest", "Meta Quest"},
    {"Android", "Android"},
    {"CrOS", "ChromeOS"},
    {"Windows", "Windows"},
    {"Mac OS X", "macOS"},
    {"Macintosh", "macOS"},
    {"FreeBSD", "FreeBSD"},
    {"OpenBSD", "OpenBSD"},
    {"NetBSD", "NetBSD"},
    {"Linux", "Linux"},
    {"X11", "Linux"},
});

std::string_view first(std::span<const Mark> marks, std::string_view agent) {
  for (const auto& mark : marks) {
    if (agent.find(mark.text) != std::string_view::npos) return mark.name;
  }
  return {};
}

}  // namespace

std::string device_name(std::string_view user_agent) {
  const std::string browser(first(kBrowsers, user_agent));
  const std::string system(first(kSystems, user_agent));
  if (browser.empty() && system.empty()) return "Unknown browser";
  if (browser.empty() || system.empty()) return browser + system;
  return browser + " on " + system;
}

}  // namespace gatehouse::cli
