# Request Tracker: users of its own, and a group; or it is asked who gets in.
use strict;
use warnings;
use JSON;
use RT;
RT->LoadConfig;
RT->Config->Set(LogToSTDERR => 'error');
RT->Init;
my $password = $ENV{PASSWORD};
if ($ARGV[0] eq 'install') {
    my $by = RT->SystemUser;
    for my $name (qw(roy dora)) {
        my $user = RT::User->new($by);
        my ($id, $why) = $user->Create(Name => $name, Password => $password, EmailAddress => "$name\@example.com",
                                       Privileged => 1);
        die $why unless $id;
        if ($name eq 'dora') {
            $user->SetDisabled(1);
            next;
        }
        my $group = RT::Group->new($by);
        $group->CreateUserDefinedGroup(Name => 'Night Shift');
        $group->AddMember($user->PrincipalId);
    }
    exit;
}
my @said;
for my $pair (@{decode_json(join '', <STDIN>)}) {
    my $user = RT::CurrentUser->new;
    $user->Load($pair->[0]);
    push @said, $user->Id && $user->IsPassword($pair->[1]) && !$user->Disabled ? JSON::true : JSON::false;
}
print encode_json(\@said), "\n";
