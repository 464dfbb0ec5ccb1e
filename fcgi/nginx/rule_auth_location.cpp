// Finds whether nginx's question reaches Gatehouse, whole, and comes back unchanged.
//
// `auth-location-missing`: something else answers the question, or nothing does.
//     server { location ~ . { proxy_pass http://app; }
//              location ^~ /members/ { auth_request gatehouse:*; } }   # without mount.conf
//   It is open since nginx asks an auth_request of whichever location matches its address, and
//   the application answers 200, which is a yes. Where nothing answers, everybody gets 500.
// `auth-answer-replaced`: an error_page gives a 200 in the place of Gatehouse's refusal or
//   outage.
// `never-asked`: a `return` or another location takes every address before the line is met.
// `auth-location-open`: the location that asks is not `internal`, so a stranger may ask it, too.
// `auth-demand-lost`: Gatehouse is asked for less than the line demands, as when PATH_INFO or
//   GATEHOUSE_REQUIRE is overwritten. Whoever is logged in then gets in where a role is
//   demanded.
// `cache-key`: answers are cached under a key without the cookie, or without the demand, so that
//   the yes for one visitor or demand is given for another.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "nginx/access.h"
#include "nginx/resource.h"
#include "nginx/rules.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;

/// The fate of strangers' requests for the place: whether nginx comes to the line at all, and which
/// content is served if not. A server that only redirects serves nothing.
struct Meeting {
  bool is_asked = false;
  std::optional<Ending> content;
};
Meeting meeting_of(const Inspection& inspection, const Guarded& guarded) {
  Meeting meeting{guarded.level->kind == Level::Kind::named, std::nullopt};
  for (const auto& uri : plain_addresses(guarded)) {
    for (const auto& ending : walk(inspection.site, inspection.judges, *guarded.server, uri, {})) {
      for (const auto& step : ending.request.way) {
        meeting.is_asked = meeting.is_asked || step.directive == guarded.line;
      }
      const bool is_content = ending.kind == Ending::Kind::content &&
                              ending.resource.kind != Resource::Kind::gatehouse &&
                              !ending.request.has(Step::Kind::error_page);
      if (is_content && !meeting.content) meeting.content = ending;
    }
  }
  return meeting;
}

/// Reports a line that no request comes to, and names the line or location that takes them all.
void add_never_asked(const Inspection& inspection, const Guarded& guarded, const Ending& content) {
  const Step* rewritten = content.request.last(Step::Kind::rewritten);
  const Level& by = content.request.first_level();
  inspection.findings.add(
      {Weight::open, "never-asked", guarded.line->place,
       fmt::format("nobody is ever asked: {} takes every address of `{}` before",
                   rewritten && rewritten->directive
                       ? "`" + rewritten->directive->text() + "` (" +
                             to_string(rewritten->directive->place) + ")"
                       : "`" + by.text() + "` (" + to_string(by.place()) + ")",
                   guarded.level->text()),
       fmt::format("{};  # where these requests end", guarded.line->text())});
}

/// The address that a misspelt line was probably meant to have.
std::string right_address(const std::string& address) {
  const std::string_view demand = demand_of(address);
  const auto at = address.find_last_of(":/");
  const bool has_time = at != std::string::npos && at + 1 < address.size() && address[at] == '/' &&
                        address.find_first_not_of("0123456789", at + 1) == std::string::npos;
  if (!demand.empty() || has_time) {
    return "gatehouse:" + std::string(demand.empty() ? "*" : demand);
  }
  const std::string rest = at == std::string::npos ? "" : address.substr(at + 1);
  return "gatehouse:" + (rest.empty() || rest == "auth" ? "*" : rest);
}

/// True if the server has the location that answers this form of address, so that mount.conf is
/// there.
bool has_auth_location(const Level& server, const std::string& address) {
  const std::string form = address.substr(0, address.size() - demand_of(address).size());
  return std::any_of(server.inner.begin(), server.inner.end(),
                     [&](const auto& one) { return one->name == form; });
}

std::string mend_missing(const Guarded& guarded, const Judgement& judgement) {
  const std::string address = guarded.address();
  if (demand_of(address).empty()) {
    return fmt::format("auth_request {};", right_address(address));
  }
  if (!has_auth_location(*guarded.server, address)) {
    const bool cached = address.find("cached") != std::string::npos;
    return fmt::format(
        "include gatehouse/{};  # in the server of line {}, above every set and rewrite",
        cached ? "snippets/auth-cached.conf" : "mount.conf", guarded.server->place().line);
  }
  const Step* rewritten = judgement.by.request.last(Step::Kind::rewritten);
  if (rewritten && rewritten->directive) {
    return fmt::format("include gatehouse/mount.conf;  # above line {}",
                       rewritten->directive->place.line);
  }
  return "location ^~ " + address.substr(0, address.size() - demand_of(address).size()) + " {";
}

void look_at_place(const Inspection& inspection, const Guarded& guarded) {
  const std::string address = guarded.address();
  const Judgement& judgement = inspection.judges.of(*guarded.server, address);
  const bool is_asked =
      judgement.kind == Judgement::Kind::gatehouse || judgement.kind == Judgement::Kind::another;
  const Meeting meeting = meeting_of(inspection, guarded);
  if (is_asked || !meeting.is_asked) return;
  const Level* by = judgement.by.request.level;
  const Request& way = judgement.by.request;
  const bool was_there =
      handler_of(way.first_level()) && fastcgi_parameter(way.first_level(), "GATEHOUSE_INTERNAL");
  if (judgement.kind == Judgement::Kind::yes && was_there) {
    const Directive* page = way.last(Step::Kind::error_page)->directive;
    return inspection.findings.add(
        {Weight::open, "auth-answer-replaced", page->place,
         fmt::format(
             "while Gatehouse is away or refuses, `{}` lets everyone in at `auth_request {}` ({})",
             page->text(), address, to_string(guarded.line->place)),
         "error_page 404 @gatehouse_error;  # in " + way.first_level().text()});
  }
  std::string what;
  if (judgement.kind == Judgement::Kind::yes) {
    const Step* page = way.last(Step::Kind::error_page);
    const std::string by_whom = page ? "`" + page->directive->text() + "`" : "`" + by->text() + "`";
    what =
        fmt::format("everyone gets in without being asked: {} ({}) answers {}, and a 200 is a yes",
                    by_whom, to_string(page ? page->directive->place : by->place()), address);
  } else {
    what = fmt::format("nobody gets in (500): no location of this server asks Gatehouse for {}",
                       address);
  }
  inspection.findings.add({Weight::open, "auth-location-missing", guarded.line->place, what,
                           mend_missing(guarded, judgement)});
}

bool key_has(std::string_view key, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return key.find(name) != std::string_view::npos;
  });
}

void look_at_cache(const Inspection& inspection, const Level& level, const std::string& address) {
  const Directive* cache = level.setting("fastcgi_cache");
  if (!cache || cache->argument(0) == "off") return;
  const Directive* key = level.setting("fastcgi_cache_key");
  const std::string_view text = key ? key->argument(0) : std::string_view();
  const Place place = key ? key->place : cache->place;
  const char* mend =
      "fastcgi_cache_key \"$scheme|$time_iso8601|$fastcgi_path_info|$server_name|$http_cookie\";";
  if (!key_has(text, {"$http_cookie", "${http_cookie}", "$cookie_", "${cookie_"})) {
    inspection.findings.add(
        {Weight::open, "cache-key", place,
         "one visitor's yes lets in everybody: the cookie is not in the cache's key", mend});
  } else if (!key_has(text, {"uri", "fastcgi_path_info", "fastcgi_script_name"})) {
    inspection.findings.add(
        {Weight::open, "cache-key", place,
         fmt::format("a yes for another demand is one for {}: the demand is not in the cache's key",
                     address),
         mend});
  }
}

void look_at_demand(const Inspection& inspection, const Guarded& guarded, const Request& question) {
  const Level& level = *question.level;
  const auto value = [&](std::string_view name) {
    const Directive* line = fastcgi_parameter(level, name);
    return line ? expand(line->argument(1), question).value : std::string();
  };
  const std::string demand(demand_of(guarded.address()));
  if (const std::string path = value("PATH_INFO"); path != "/auth") {
    inspection.findings.add(
        {Weight::open, "auth-demand-lost", level.place(),
         fmt::format("Gatehouse is asked for {}, not for /auth: no role is demanded",
                     path.empty() ? "its front page" : path),
         "fastcgi_param PATH_INFO /auth;"});
  }
  const std::string required = value("GATEHOUSE_REQUIRE");
  if (required != demand && !demand.empty()) {
    const bool lets_in = inspection.can_read_demand(required);
    inspection.findings.add(
        {lets_in ? Weight::open : Weight::warning, "auth-demand-lost", level.place(),
         lets_in
             ? fmt::format("whoever may see `{}` gets in where `{}` is demanded", required, demand)
             : "nobody gets in (500): the demand does not reach Gatehouse",
         "fastcgi_param GATEHOUSE_REQUIRE $fastcgi_path_info;"});
  }
}

/// Whether only programs of this host come in: every `listen` is a unix socket, which is no
/// stranger's way, and no other server passes requests on to it.
bool is_for_this_host_alone(const Site& site, const Level& server) {
  const auto listens = server.all_here({"listen"});
  const auto is_passed_on = [&](std::string_view socket) {
    return std::any_of(site.servers().begin(), site.servers().end(), [&](const Level* other) {
      const auto levels = Site::levels(*other);
      return std::any_of(levels.begin(), levels.end(), [&](const Level* level) {
        const Directive* const handler = handler_of(*level);
        if (handler == nullptr || handler->name != "proxy_pass") return false;
        const std::string address = upstream_of(handler->argument(0), site).server;
        return address == socket || address.find('$') != std::string::npos;
      });
    });
  };
  return !listens.empty() &&
         std::all_of(listens.begin(), listens.end(), [&](const Directive* listen) {
           return listen->argument(0).starts_with("unix:") && !is_passed_on(listen->argument(0));
         });
}

void look_from_outside(const Inspection& inspection, const Level& server, const Level& level) {
  if (!level.name.starts_with('/') || level.kind == Level::Kind::expression) return;
  for (const auto& ending :
       walk(inspection.site, inspection.judges, server,
            level.kind == Level::Kind::exact ? level.name : level.name + "*", {})) {
    if (ending.resource.kind != Resource::Kind::question) continue;
    inspection.findings.add({Weight::open, "auth-location-open", level.place(),
                             "a stranger can ask Gatehouse there who has which role", "internal;"});
  }
}

}  // namespace

/// This rule runs last and only if nothing else is open, since the other rules say better why.
void look_for_lines_that_nobody_meets(const Inspection& inspection) {
  if (inspection.findings.has_open()) return;
  for (const auto& guarded : inspection.guarded) {
    const Meeting meeting = meeting_of(inspection, guarded);
    if (!meeting.is_asked && meeting.content)
      add_never_asked(inspection, guarded, *meeting.content);
  }
}

void look_for_missing_auth_locations(const Inspection& inspection) {
  for (const auto& guarded : inspection.guarded) look_at_place(inspection, guarded);
}

void look_for_weak_auth_locations(const Inspection& inspection) {
  for (const auto& guarded : inspection.guarded) {
    const Judgement& judgement = inspection.judges.of(*guarded.server, guarded.address());
    if (judgement.kind != Judgement::Kind::gatehouse) continue;
    look_at_cache(inspection, *judgement.by.request.level, guarded.address());
    look_at_demand(inspection, guarded, judgement.by.request);
  }
  for (const auto* server : inspection.site.servers()) {
    if (is_for_this_host_alone(inspection.site, *server)) continue;
    for (const auto* level : Site::levels(*server)) {
      const bool asks = level->is_location() && fastcgi_parameter(*level, "GATEHOUSE_INTERNAL");
      if (asks) look_from_outside(inspection, *server, *level);
    }
  }
}

}  // namespace gatehouse::nginx
