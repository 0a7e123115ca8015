<#
.SYNOPSIS
Starts the transfer bot whenever you log on to Windows, without a window, and starts it again when it fails.

.DESCRIPTION
Registers a task for you alone in Windows' Task Scheduler, and starts it. The bot's log is
%LOCALAPPDATA%\ixbrowser-transfer-bot\Logs\transfer-bot.log, unless LOG_FILE says otherwise; the bot itself keeps it from
growing without end. What it says at its start, such as why it does not, is in start.log beside it, made anew at each
start; the one before is kept.

.PARAMETER Uninstall
Stops the bot and removes the task. Settings, database and logs stay.

.PARAMETER Serve
What the task calls; not for calling by hand.

.EXAMPLE
powershell -ExecutionPolicy Bypass -File deploy\windows\at-log-on.ps1
#>
param(
    [switch] $Uninstall,
    [switch] $Serve
)

$ErrorActionPreference = 'Stop'
$TaskName = 'ixBrowser transfer bot'
$Root = (Resolve-Path (Join-Path $PSScriptRoot '..\..')).Path
$Program = Join-Path $Root '.venv\Scripts\transfer-bot.exe'
$Folder = Join-Path $env:LOCALAPPDATA 'ixbrowser-transfer-bot\Logs'
$Log = Join-Path $Folder 'transfer-bot.log'
$Said = Join-Path $Folder 'start.log'

function Stop-Bot {
    Stop-ScheduledTask -TaskName $TaskName
    Get-Process -Name 'transfer-bot' -ErrorAction SilentlyContinue |
        Where-Object { $_.Path -eq $Program } |
        Stop-Process -Force
}

if ($Serve) {
    $env:PYTHONUTF8 = '1'
    New-Item -ItemType Directory -Force -Path $Folder | Out-Null
    while ($true) {
        if (Test-Path $Said) { Move-Item -Force $Said "$Said.old" }
        $Bot = Start-Process -FilePath $Program -ArgumentList 'run', '--quiet' -WorkingDirectory $Root -NoNewWindow `
            -RedirectStandardError $Said -Wait -PassThru
        # 0: stopped. 2: a setting is wrong. 3: it runs already. 4: the database is of a newer version. None of these is
        # mended by another start.
        if ($Bot.ExitCode -in 0, 2, 3, 4) { exit $Bot.ExitCode }
        Start-Sleep -Seconds 30
    }
}

if ($Uninstall) {
    if (Get-ScheduledTask -TaskName $TaskName -ErrorAction SilentlyContinue) {
        Stop-Bot
        Unregister-ScheduledTask -TaskName $TaskName -Confirm:$false
        Write-Host 'The bot is stopped and no longer starts when you log on.'
    }
    else {
        Write-Host 'Nothing to remove: the bot does not start when you log on.'
    }
    exit 0
}

if (-not (Test-Path $Program)) {
    Write-Host "There is no $Program yet: set the bot up first, as the README says."
    exit 1
}
if (-not (Test-Path (Join-Path $Root '.env'))) {
    Write-Host "There is no .env in $Root yet: copy deploy\env.example there and fill it in."
    exit 1
}

$Me = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
$Arguments = "-NoProfile -NonInteractive -WindowStyle Hidden -ExecutionPolicy Bypass -File `"$PSCommandPath`" -Serve"
$Task = @{
    TaskName    = $TaskName
    Description = 'Imports profiles into ixBrowser for people who send transfer codes to a Telegram bot.'
    Action      = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $Arguments -WorkingDirectory $Root
    Trigger     = New-ScheduledTaskTrigger -AtLogOn -User $Me
    Principal   = New-ScheduledTaskPrincipal -UserId $Me -LogonType Interactive -RunLevel Limited
    Settings    = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries `
        -ExecutionTimeLimit ([TimeSpan]::Zero) -MultipleInstances IgnoreNew `
        -RestartCount 10 -RestartInterval (New-TimeSpan -Minutes 1)
}
try {
    if (Get-ScheduledTask -TaskName $TaskName -ErrorAction SilentlyContinue) { Stop-Bot }
    Register-ScheduledTask -Force @Task | Out-Null
}
catch [Microsoft.Management.Infrastructure.CimException] {
    Write-Host "Windows did not allow it ($($_.Exception.Message.Trim()))."
    Write-Host 'Open PowerShell with "Run as administrator" and call this script again.'
    exit 1
}
Start-ScheduledTask -TaskName $TaskName
Write-Host 'The bot is running, and starts whenever you log on. Its log, unless LOG_FILE says otherwise, and what it said'
Write-Host 'at its start, such as why it did not:'
Write-Host "  $Log"
Write-Host "  $Said"
